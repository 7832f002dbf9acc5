-- Every change of a row that others copy is stamped with its transaction, so that a reader who asks for what is
-- older than every running transaction can go on from there without ever missing a row.
CREATE FUNCTION "claims_stamp_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  NEW.changed_in := pg_current_xact_id();
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "stamp_change" BEFORE UPDATE ON "users" FOR EACH ROW EXECUTE FUNCTION "claims_stamp_change"();
--> statement-breakpoint
CREATE TRIGGER "stamp_change" BEFORE UPDATE ON "user_contracts" FOR EACH ROW EXECUTE FUNCTION "claims_stamp_change"();
--> statement-breakpoint
CREATE TRIGGER "stamp_change" BEFORE UPDATE ON "claims" FOR EACH ROW EXECUTE FUNCTION "claims_stamp_change"();
--> statement-breakpoint
CREATE TRIGGER "stamp_change" BEFORE UPDATE ON "knowledge_base" FOR EACH ROW EXECUTE FUNCTION "claims_stamp_change"();
--> statement-breakpoint
CREATE TRIGGER "stamp_change" BEFORE UPDATE ON "sync_tombstones" FOR EACH ROW EXECUTE FUNCTION "claims_stamp_change"();
