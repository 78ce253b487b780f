ALTER TABLE `payment_links` ADD `limit_version` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE TRIGGER payment_links_limit_version AFTER UPDATE OF max_payments ON payment_links WHEN NEW.max_payments IS NOT OLD.max_payments BEGIN UPDATE payment_links SET limit_version = max(OLD.limit_version + 1, NEW.updated_at) WHERE id = NEW.id; END;
