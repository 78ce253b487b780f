CREATE INDEX `refunds_workspace` ON `refunds` (`workspace_id`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_endpoints_sealed` ON `webhook_endpoints` (`sealed_secret`);--> statement-breakpoint
CREATE INDEX `webhook_endpoints_sealed_previous` ON `webhook_endpoints` (`sealed_previous_secret`) WHERE sealed_previous_secret IS NOT NULL;