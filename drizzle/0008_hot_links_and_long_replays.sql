CREATE TABLE `replays` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`endpoint_id` text NOT NULL,
	`status` text,
	`after_at` integer NOT NULL,
	`after_id` text NOT NULL,
	`until` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `replays_waiting` ON `replays` (`updated_at`);--> statement-breakpoint
DROP INDEX `payments_link`;--> statement-breakpoint
CREATE INDEX `payments_open_of_link` ON `payments` (`payment_link_id`,`id`) WHERE payment_link_id IS NOT NULL AND status IN ('created', 'processing');--> statement-breakpoint
ALTER TABLE `payment_links` ADD `paid_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE TRIGGER payments_count_paid AFTER UPDATE OF status ON payments WHEN NEW.status = 'succeeded' AND OLD.status <> 'succeeded' AND NEW.payment_link_id IS NOT NULL BEGIN UPDATE payment_links SET paid_count = paid_count + 1 WHERE id = NEW.payment_link_id; END;
--> statement-breakpoint
UPDATE payment_links SET paid_count = (SELECT count(*) FROM payments WHERE payments.payment_link_id = payment_links.id AND payments.payment_link_id IS NOT NULL AND payments.status IN ('processing', 'succeeded', 'failed') AND payments.status = 'succeeded');
