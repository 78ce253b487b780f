DROP INDEX `refunds_workspace`;--> statement-breakpoint
CREATE INDEX `refunds_workspace` ON `refunds` (`workspace_id`,`id`,`created_at`,`status`,`currency`,`amount_minor`);