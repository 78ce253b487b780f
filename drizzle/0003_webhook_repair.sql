ALTER TABLE `connected_accounts` ADD `stripe_events_read_to` integer;--> statement-breakpoint
ALTER TABLE `connected_accounts` ADD `next_stripe_events_read_at` integer DEFAULT 0;--> statement-breakpoint
CREATE INDEX `connected_accounts_due` ON `connected_accounts` (`next_stripe_events_read_at`) WHERE next_stripe_events_read_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `restarted_at` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `attempts_before` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `deliveries_endpoint` ON `deliveries` (`endpoint_id`,`created_at`,`id`);--> statement-breakpoint
ALTER TABLE `payments` ADD `history` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `payments_list` ON `payments` (`workspace_id`,`id`) WHERE status IN ('processing', 'succeeded', 'failed');--> statement-breakpoint
CREATE INDEX `payments_reference` ON `payments` (`workspace_id`,`reference`,`id`) WHERE status IN ('processing', 'succeeded', 'failed') AND reference IS NOT NULL;--> statement-breakpoint
CREATE INDEX `payments_customer` ON `payments` (`workspace_id`,lower(customer_email),`id`) WHERE status IN ('processing', 'succeeded', 'failed') AND customer_email IS NOT NULL;--> statement-breakpoint
ALTER TABLE `webhook_endpoints` ADD `disabled_at` integer;--> statement-breakpoint
ALTER TABLE `webhook_endpoints` ADD `secret_operation_id` text;--> statement-breakpoint
CREATE INDEX `disputes_payment` ON `disputes` (`payment_id`);--> statement-breakpoint
CREATE INDEX `events_workspace` ON `events` (`workspace_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `events_payment` ON `events` (`payment_id`) WHERE payment_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `quarantined_stripe_events_released` ON `quarantined_stripe_events` (`released_at`) WHERE released_at IS NOT NULL;