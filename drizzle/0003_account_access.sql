CREATE TABLE `platform_accounts` (
	`mode` text PRIMARY KEY NOT NULL,
	`stripe_account_id` text NOT NULL,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `connected_accounts` ADD `access_refused_at` integer;--> statement-breakpoint
ALTER TABLE `connected_accounts` ADD `stripe_events_read_id` text;--> statement-breakpoint
CREATE INDEX `connected_accounts_refused` ON `connected_accounts` (`disconnected_at`) WHERE access_refused_at IS NOT NULL;--> statement-breakpoint
UPDATE `connected_accounts` SET `next_stripe_events_read_at` = 0 WHERE `disconnected_at` IS NOT NULL;
