DROP INDEX `payments_list`;--> statement-breakpoint
CREATE INDEX `payments_list` ON `payments` (`workspace_id`,`id`,`status`,`currency`,`amount_minor`) WHERE status IN ('processing', 'succeeded', 'failed');--> statement-breakpoint
ALTER TABLE `payment_links` ADD `paid_minor` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `payment_links` ADD `refunded_minor` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `payment_links` ADD `search_title` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `payment_links_title` ON `payment_links` (`workspace_id`,`search_title`,`id`);--> statement-breakpoint
CREATE INDEX `disputes_to_answer` ON `disputes` (`workspace_id`,`id`) WHERE status IN ('needs_response', 'warning_needs_response');--> statement-breakpoint
DROP TRIGGER payments_count_paid;
--> statement-breakpoint
CREATE TRIGGER payments_count_paid AFTER UPDATE OF status ON payments WHEN NEW.status = 'succeeded' AND OLD.status <> 'succeeded' AND NEW.payment_link_id IS NOT NULL BEGIN UPDATE payment_links SET paid_count = paid_count + 1, paid_minor = paid_minor + CASE WHEN currency = NEW.currency THEN NEW.amount_minor ELSE 0 END WHERE id = NEW.payment_link_id; END;
--> statement-breakpoint
CREATE TRIGGER refunds_count_made AFTER INSERT ON refunds WHEN NEW.status NOT IN ('failed', 'canceled') BEGIN UPDATE payment_links SET refunded_minor = refunded_minor + NEW.amount_minor WHERE id = (SELECT payment_link_id FROM payments WHERE payments.id = NEW.payment_id) AND currency = NEW.currency; END;
--> statement-breakpoint
CREATE TRIGGER refunds_count_failed AFTER UPDATE OF status ON refunds WHEN NEW.status IN ('failed', 'canceled') AND OLD.status NOT IN ('failed', 'canceled') BEGIN UPDATE payment_links SET refunded_minor = refunded_minor - NEW.amount_minor WHERE id = (SELECT payment_link_id FROM payments WHERE payments.id = NEW.payment_id) AND currency = NEW.currency; END;
--> statement-breakpoint
UPDATE payment_links SET paid_count = paid.count, paid_minor = paid.minor FROM (SELECT payments.payment_link_id AS link_id, count(*) AS count, sum(CASE WHEN links.currency = payments.currency THEN payments.amount_minor ELSE 0 END) AS minor FROM payments JOIN payment_links AS links ON links.id = payments.payment_link_id WHERE payments.payment_link_id IS NOT NULL AND payments.status IN ('processing', 'succeeded', 'failed') AND payments.status = 'succeeded' GROUP BY payments.payment_link_id) AS paid WHERE paid.link_id = payment_links.id;
--> statement-breakpoint
UPDATE payment_links SET refunded_minor = given_back.minor FROM (SELECT payments.payment_link_id AS link_id, sum(refunds.amount_minor) AS minor FROM refunds JOIN payments ON payments.id = refunds.payment_id JOIN payment_links AS links ON links.id = payments.payment_link_id AND links.currency = refunds.currency WHERE refunds.status NOT IN ('failed', 'canceled') GROUP BY payments.payment_link_id) AS given_back WHERE given_back.link_id = payment_links.id;
--> statement-breakpoint
UPDATE payment_links SET search_title = upper(trim(title));
--> statement-breakpoint
UPDATE payment_links SET search_title = (WITH RECURSIVE letters(lower_case, upper_case) AS (VALUES ('µàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĳĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžſάέήίαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώабвгдежзийклмнопрстуфхцчшщъыьэюяѐёђѓєѕіїјљњћќѝўџạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ', 'ΜÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŸĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮIĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŹŻŽSΆΈΉΊΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΣΤΥΦΧΨΩΪΫΌΎΏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ')), spelled(at, letter, text) AS (SELECT 1, substr(search_title, 1, 1), '' UNION ALL SELECT at + 1, substr(search_title, at + 1, 1), text || CASE instr(lower_case, letter) WHEN 0 THEN letter ELSE substr(upper_case, instr(lower_case, letter), 1) END FROM spelled, letters WHERE letter <> '') SELECT replace(text, 'ß', 'SS') FROM spelled ORDER BY at DESC LIMIT 1) WHERE search_title GLOB '*[^ -~]*';
