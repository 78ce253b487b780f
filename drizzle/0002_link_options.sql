ALTER TABLE `payment_links` ADD `expires_at` integer;--> statement-breakpoint
ALTER TABLE `payment_links` ADD `max_payments` integer;--> statement-breakpoint
ALTER TABLE `payment_links` ADD `sold_out_at` integer;--> statement-breakpoint
ALTER TABLE `payment_links` ADD `success_url` text;--> statement-breakpoint
ALTER TABLE `payment_links` ADD `inactive_message` text;--> statement-breakpoint
ALTER TABLE `payment_links` ADD `suggested_amounts_minor` text;--> statement-breakpoint
CREATE INDEX `payment_links_workspace` ON `payment_links` (`workspace_id`,`id`);--> statement-breakpoint
CREATE INDEX `payments_link` ON `payments` (`payment_link_id`,`id`) WHERE payment_link_id IS NOT NULL;