ALTER TABLE `deliveries` ADD `failure_reason` text;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `outside_subscription` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `refunds` ADD `history` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `refunds` ADD `failure_reason` text;