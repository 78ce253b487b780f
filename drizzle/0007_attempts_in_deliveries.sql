DROP INDEX `deliveries_endpoint`;--> statement-breakpoint
DROP INDEX `deliveries_failed`;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `attempts` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `deliveries_status` ON `deliveries` (`endpoint_id`,`status`,`created_at`,`id`);--> statement-breakpoint
UPDATE `deliveries` SET `attempts` = (
  SELECT json_group_array(
    json_object('number', number, 'at', at, 'statusCode', status_code, 'durationMs', duration_ms, 'error', error, 'responseBody', response_body)
    ORDER BY number
  )
  FROM `delivery_attempts` WHERE delivery_id = `deliveries`.`id` AND number > `deliveries`.`attempt_count` - 20
) WHERE `attempt_count` > 0;--> statement-breakpoint
DELETE FROM `delivery_attempts`;
