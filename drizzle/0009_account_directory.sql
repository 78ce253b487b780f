CREATE TABLE `account_directory` (
	`stripe_account_id` text NOT NULL,
	`livemode` integer NOT NULL,
	`workspace_id` text NOT NULL,
	`shard` text NOT NULL,
	`claimed_at` integer NOT NULL,
	`given_up_at` integer,
	PRIMARY KEY(`stripe_account_id`, `livemode`)
);
--> statement-breakpoint
CREATE INDEX `account_directory_given_up` ON `account_directory` (`given_up_at`) WHERE given_up_at IS NOT NULL;
--> statement-breakpoint
INSERT INTO `account_directory` (`stripe_account_id`, `livemode`, `workspace_id`, `shard`, `claimed_at`, `given_up_at`)
	SELECT `stripe_account_id`, `livemode`, `workspace_id`, '0', `created_at`,
		CASE WHEN `access_refused_at` IS NOT NULL THEN `disconnected_at` END
	FROM `connected_accounts` WHERE TRUE ON CONFLICT DO NOTHING;