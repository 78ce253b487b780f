CREATE INDEX `events_type` ON `events` (`workspace_id`,`type`,`created_at`,`id`) WHERE type <> 'payments.payment.succeeded';--> statement-breakpoint
CREATE INDEX `payments_processing` ON `payments` (`workspace_id`,`id`) WHERE status = 'processing';--> statement-breakpoint
CREATE INDEX `payments_failed` ON `payments` (`workspace_id`,`id`) WHERE status = 'failed';