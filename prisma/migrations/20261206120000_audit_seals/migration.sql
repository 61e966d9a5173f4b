-- The batch of changes that a row was sealed in; null until then.
ALTER TABLE "audit" ADD COLUMN "seal" BIGINT;
CREATE INDEX "audit_org_id_seal_id_idx" ON "audit"("org_id", "seal", "id");

-- Batches that were closed for good: each holds the hash of the one before it, and is signed.
CREATE TABLE "audit_seal" (
    "org_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "rows" INTEGER NOT NULL,
    "rows_hash" TEXT NOT NULL,
    "previous" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,
    "hash" TEXT NOT NULL,
    "signature" TEXT NOT NULL,

    CONSTRAINT "audit_seal_pkey" PRIMARY KEY ("org_id","seq")
);

-- The application may add, and say once which seal a row is in; nothing of it may change or remove what is there.
GRANT UPDATE ("seal") ON "audit" TO isthmus_app;
GRANT SELECT, INSERT ON "audit_seal" TO isthmus_app;

ALTER TABLE "audit_seal" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "audit_seal" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "audit_seal" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));

-- The same for the owner of the tables, who is not bound by grants: what is written by accident is refused, what is meant is seen by the seals.
CREATE FUNCTION isthmus_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit' THEN
    IF OLD.seal IS NULL AND to_jsonb(NEW) - 'seal' = to_jsonb(OLD) - 'seal' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% of % is refused: the audit log is only added to', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON "audit" FOR EACH ROW EXECUTE FUNCTION isthmus_audit_is_kept();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON "audit" FOR EACH STATEMENT EXECUTE FUNCTION isthmus_audit_is_kept();
CREATE TRIGGER audit_seal_is_kept BEFORE UPDATE OR DELETE ON "audit_seal" FOR EACH ROW EXECUTE FUNCTION isthmus_audit_is_kept();
CREATE TRIGGER audit_seal_is_not_emptied BEFORE TRUNCATE ON "audit_seal" FOR EACH STATEMENT EXECUTE FUNCTION isthmus_audit_is_kept();
