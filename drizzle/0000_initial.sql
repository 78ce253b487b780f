CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`last4` text NOT NULL,
	`key_hash` text NOT NULL,
	`scopes` text NOT NULL,
	`allowed_origins` text NOT NULL,
	`rate_limit_per_minute` integer NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "api_keys_rate" CHECK(typeof("api_keys"."rate_limit_per_minute") = 'integer' AND "api_keys"."rate_limit_per_minute" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash` ON `api_keys` (`key_hash`);--> statement-breakpoint
CREATE INDEX `api_keys_workspace` ON `api_keys` (`workspace_id`);--> statement-breakpoint
CREATE TABLE `audit_log` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`object` text NOT NULL,
	`request_id` text
);
--> statement-breakpoint
CREATE TABLE `connected_accounts` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`stripe_account_id` text NOT NULL,
	`livemode` integer NOT NULL,
	`charges_enabled` integer NOT NULL,
	`details_submitted` integer NOT NULL,
	`disconnected_at` integer,
	`state_as_of` integer NOT NULL,
	`stripe_events_read_to` integer,
	`next_stripe_events_read_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `connected_accounts_directory` ON `connected_accounts` (`stripe_account_id`,`livemode`);--> statement-breakpoint
CREATE INDEX `connected_accounts_due` ON `connected_accounts` (`next_stripe_events_read_at`) WHERE next_stripe_events_read_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`event_id` text NOT NULL,
	`endpoint_id` text NOT NULL,
	`status` text NOT NULL,
	`attempt_count` integer NOT NULL,
	`restarted_at` integer,
	`attempts_before` integer NOT NULL,
	`next_attempt_at` integer,
	`claim` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`next_attempt_at`) WHERE next_attempt_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `deliveries_endpoint` ON `deliveries` (`endpoint_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_failed` ON `deliveries` (`endpoint_id`,`created_at`,`id`) WHERE status = 'failed';--> statement-breakpoint
CREATE TABLE `delivery_attempts` (
	`delivery_id` text NOT NULL,
	`number` integer NOT NULL,
	`at` integer NOT NULL,
	`status_code` integer,
	`duration_ms` integer NOT NULL,
	`error` text,
	`response_body` text NOT NULL,
	PRIMARY KEY(`delivery_id`, `number`)
);
--> statement-breakpoint
CREATE TABLE `disputes` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`payment_id` integer NOT NULL,
	`stripe_dispute_id` text NOT NULL,
	`status` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`reason` text NOT NULL,
	`closed_at` integer,
	`state_as_of` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "disputes_amount" CHECK(typeof("disputes"."amount_minor") = 'integer')
);
--> statement-breakpoint
CREATE UNIQUE INDEX `disputes_stripe_dispute` ON `disputes` (`stripe_dispute_id`);--> statement-breakpoint
CREATE INDEX `disputes_payment` ON `disputes` (`payment_id`);--> statement-breakpoint
CREATE TABLE `dropped_stripe_events` (
	`day` text NOT NULL,
	`reason` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`day`, `reason`)
);
--> statement-breakpoint
CREATE TABLE `events` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`type` text NOT NULL,
	`payment_id` integer,
	`body` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `events_workspace` ON `events` (`workspace_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `events_type` ON `events` (`workspace_id`,`type`,`created_at`,`id`) WHERE type <> 'payments.payment.succeeded';--> statement-breakpoint
CREATE INDEX `events_payment` ON `events` (`payment_id`) WHERE payment_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `payment_links` (
	`id` integer PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`workspace_id` text NOT NULL,
	`kind` text NOT NULL,
	`title` text NOT NULL,
	`description` text,
	`currency` text NOT NULL,
	`amount_minor` integer,
	`min_amount_minor` integer,
	`suggested_amounts_minor` text,
	`active` integer NOT NULL,
	`show_business_name` integer NOT NULL,
	`button_color` text,
	`button_text_color` text,
	`expires_at` integer,
	`max_payments` integer,
	`sold_out_at` integer,
	`success_url` text,
	`inactive_message` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payment_links_amounts" CHECK(typeof("payment_links"."amount_minor") IN ('integer', 'null') AND typeof("payment_links"."min_amount_minor") IN ('integer', 'null'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_links_token` ON `payment_links` (`token`);--> statement-breakpoint
CREATE INDEX `payment_links_workspace` ON `payment_links` (`workspace_id`,`id`);--> statement-breakpoint
CREATE TABLE `payments` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`operation_id` text NOT NULL,
	`stripe_account_id` text NOT NULL,
	`stripe_session_id` text NOT NULL,
	`stripe_payment_intent_id` text,
	`payment_link_id` integer,
	`status` text NOT NULL,
	`history` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`description` text,
	`reference` text,
	`customer_email` text,
	`metadata` text NOT NULL,
	`checkout_url` text,
	`expires_at` integer NOT NULL,
	`next_check_at` integer,
	`checks` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`payment_link_id`) REFERENCES `payment_links`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payments_amount" CHECK(typeof("payments"."amount_minor") = 'integer' AND "payments"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payments_operation` ON `payments` (`operation_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `payments_stripe_session` ON `payments` (`stripe_session_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `payments_payment_intent` ON `payments` (`stripe_payment_intent_id`) WHERE stripe_payment_intent_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `payments_link` ON `payments` (`payment_link_id`,`id`) WHERE payment_link_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `payments_due` ON `payments` (`next_check_at`) WHERE next_check_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `payments_list` ON `payments` (`workspace_id`,`id`) WHERE status IN ('processing', 'succeeded', 'failed');--> statement-breakpoint
CREATE INDEX `payments_processing` ON `payments` (`workspace_id`,`id`) WHERE status = 'processing';--> statement-breakpoint
CREATE INDEX `payments_failed` ON `payments` (`workspace_id`,`id`) WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX `payments_reference` ON `payments` (`workspace_id`,`reference`,`id`) WHERE status IN ('processing', 'succeeded', 'failed') AND reference IS NOT NULL;--> statement-breakpoint
CREATE INDEX `payments_customer` ON `payments` (`workspace_id`,lower(customer_email),`id`) WHERE status IN ('processing', 'succeeded', 'failed') AND customer_email IS NOT NULL;--> statement-breakpoint
CREATE TABLE `quarantined_stripe_events` (
	`id` text PRIMARY KEY NOT NULL,
	`stripe_account_id` text NOT NULL,
	`livemode` integer NOT NULL,
	`type` text NOT NULL,
	`reason` text NOT NULL,
	`body` text NOT NULL,
	`received_at` integer NOT NULL,
	`released_at` integer
);
--> statement-breakpoint
CREATE INDEX `quarantined_stripe_events_released` ON `quarantined_stripe_events` (`released_at`) WHERE released_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `refunds` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`payment_id` integer NOT NULL,
	`operation_id` text,
	`stripe_refund_id` text NOT NULL,
	`status` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`reason` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "refunds_amount" CHECK(typeof("refunds"."amount_minor") = 'integer' AND "refunds"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `refunds_stripe_refund` ON `refunds` (`stripe_refund_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `refunds_operation` ON `refunds` (`operation_id`) WHERE operation_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `refunds_payment` ON `refunds` (`payment_id`);--> statement-breakpoint
CREATE TABLE `webhook_endpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`description` text,
	`metadata` text NOT NULL,
	`status` text NOT NULL,
	`disabled_reason` text,
	`disabled_at` integer,
	`sealed_secret` text NOT NULL,
	`sealed_previous_secret` text,
	`previous_secret_valid_until` integer,
	`secret_operation_id` text,
	`failing_since` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `webhook_endpoints_workspace` ON `webhook_endpoints` (`workspace_id`);--> statement-breakpoint
CREATE INDEX `webhook_endpoints_unfinished` ON `webhook_endpoints` (`updated_at`) WHERE status = 'enabled' AND disabled_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `workspaces` (
	`id` text PRIMARY KEY NOT NULL,
	`pair_id` text NOT NULL,
	`mode` text NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `workspaces_pair` ON `workspaces` (`pair_id`,`mode`);