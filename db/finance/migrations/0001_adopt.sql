-- What plain DDL cannot say about tables that another program may have created and filled: each step looks first, and
-- rows that break a rule stay (NOT VALID checks, a warning for an index), because refusing to start would help nobody.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['orders', 'invoices', 'disputes', 'receipts'] LOOP
    EXECUTE format($q$ALTER TABLE %I ALTER COLUMN created_at SET DEFAULT (now() at time zone 'utc')$q$, name);
    -- Tables of a program that numbered its rows itself have an id without default.
    IF NOT EXISTS (
      SELECT FROM pg_attribute a
      WHERE a.attrelid = to_regclass(name) AND a.attname = 'id' AND (a.atthasdef OR a.attidentity <> '')
    ) THEN
      EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I OWNED BY %I.id', name || '_id_seq', name);
      EXECUTE format('SELECT setval(%L, coalesce(max(id), 0) + 1, false) FROM %I', name || '_id_seq', name);
      EXECUTE format('ALTER TABLE %I ALTER COLUMN id SET DEFAULT nextval(%L)', name, name || '_id_seq');
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint
DO $$
DECLARE
  name text;
  key text;
BEGIN
  FOREACH name IN ARRAY ARRAY['invoices', 'disputes', 'receipts'] LOOP
    key := name || '_order_id_orders_id_fk';
    CONTINUE WHEN EXISTS (
      SELECT FROM pg_constraint c
      WHERE c.contype = 'f' AND c.conrelid = to_regclass(name) AND c.confrelid = to_regclass('orders')
    );
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (order_id) REFERENCES orders(id) NOT VALID', name, key);
    BEGIN
      EXECUTE format('ALTER TABLE %I VALIDATE CONSTRAINT %I', name, key);
    EXCEPTION WHEN foreign_key_violation THEN
      RAISE WARNING '% has rows without an order; % holds for new rows only', name, key;
    END;
  END LOOP;
END $$;
--> statement-breakpoint
DO $$
DECLARE
  rule record;
BEGIN
  FOR rule IN
    SELECT * FROM (VALUES
      ('orders', 'orders_total_amount_positive', 'total_amount > 0'),
      ('invoices', 'invoices_amount_positive', 'amount > 0'),
      ('orders', 'orders_status_known',
        $c$status IN ('PENDING', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REFUNDED')$c$),
      ('invoices', 'invoices_status_known',
        $c$status IN ('DRAFT', 'SENT', 'PAID', 'OVERDUE', 'CANCELLED', 'REFUNDED')$c$),
      ('disputes', 'disputes_status_known',
        $c$status IN ('OPEN', 'IN_PROGRESS', 'RESOLVED', 'CLOSED', 'CANCELLED')$c$),
      ('disputes', 'disputes_type_known',
        $c$dispute_type IN ('DUPLICATE_CHARGE', 'UNAUTHORIZED_CHARGE', 'PRODUCT_NOT_RECEIVED', 'DEFECTIVE_PRODUCT', 'BILLING_ERROR')$c$),
      ('receipts', 'receipts_status_known',
        $c$status IN ('PENDING', 'FOUND', 'LOST', 'REGENERATED', 'CANCELLED')$c$)
    ) AS rules (table_name, rule_name, condition)
  LOOP
    CONTINUE WHEN EXISTS (
      SELECT FROM pg_constraint c
      WHERE c.conrelid = to_regclass(rule.table_name) AND c.conname = rule.rule_name
    );
    EXECUTE format(
      'ALTER TABLE %I ADD CONSTRAINT %I CHECK (%s) NOT VALID', rule.table_name, rule.rule_name, rule.condition
    );
  END LOOP;
END $$;
--> statement-breakpoint
DO $$
DECLARE
  rule record;
BEGIN
  FOR rule IN
    SELECT * FROM (VALUES
      ('disputes', 'disputes_one_active_duplicate_charge',
        $c$dispute_type = 'DUPLICATE_CHARGE' AND status IN ('OPEN', 'IN_PROGRESS')$c$),
      ('receipts', 'receipts_one_lost', $c$status = 'LOST'$c$)
    ) AS rules (table_name, index_name, condition)
  LOOP
    BEGIN
      EXECUTE format(
        'CREATE UNIQUE INDEX IF NOT EXISTS %I ON %I (order_id) WHERE %s',
        rule.index_name, rule.table_name, rule.condition
      );
    EXCEPTION WHEN unique_violation THEN
      -- The service also locks the order's row before it decides, so the rule holds for what is written from now on.
      RAISE WARNING '% has several rows for one order; % is left out', rule.table_name, rule.index_name;
    END;
  END LOOP;
END $$;
