CREATE TABLE `account_creations` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`operation_id` text NOT NULL,
	`replaces` text,
	`country` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`website` text,
	`dashboard` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `connected_accounts` ADD `payouts_enabled` integer;--> statement-breakpoint
ALTER TABLE `connected_accounts` ADD `cards` text;--> statement-breakpoint
ALTER TABLE `connected_accounts` ADD `country` text;--> statement-breakpoint
ALTER TABLE `connected_accounts` ADD `dashboard` text;--> statement-breakpoint
ALTER TABLE `connected_accounts` ADD `requirements` text DEFAULT '[]' NOT NULL;