DROP INDEX `payments_unpaid_customer`;--> statement-breakpoint
DROP INDEX `payments_customer`;--> statement-breakpoint
ALTER TABLE `payments` ADD `api_key_id` text;--> statement-breakpoint
CREATE INDEX `payments_expired` ON `payments` (`updated_at`) WHERE status = 'expired';--> statement-breakpoint
CREATE INDEX `payments_customer` ON `payments` (`workspace_id`,lower(customer_email),`id`) WHERE customer_email IS NOT NULL;--> statement-breakpoint
CREATE INDEX `audit_log_workspace` ON `audit_log` (`workspace_id`,`id`);