DROP INDEX `refunds_payment`;--> statement-breakpoint
CREATE INDEX `refunds_payment` ON `refunds` (`workspace_id`,`payment_id`);--> statement-breakpoint
CREATE INDEX `payments_link_list` ON `payments` (`payment_link_id`,`id`) WHERE status IN ('processing', 'succeeded', 'failed') AND payment_link_id IS NOT NULL;