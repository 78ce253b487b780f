CREATE TABLE `business_profiles` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`display_name` text,
	`logo_hash` text,
	`logo_type` text,
	`logo_width` integer,
	`logo_height` integer,
	`support_email` text,
	`support_phone` text,
	`website` text,
	`terms_url` text,
	`privacy_url` text,
	`refund_policy_url` text,
	`brand_color` text,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `profile_logos` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`type` text NOT NULL,
	`bytes` blob NOT NULL,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `profile_logos_hash` ON `profile_logos` (`hash`);