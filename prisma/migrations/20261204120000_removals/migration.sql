-- Removals that were decided: what agents may remove without asking again, and what the breaker of the centre counts.
CREATE TABLE "planned_removal" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "decided_by" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(6) NOT NULL,
    "catalog_seq" BIGINT NOT NULL,
    "open" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "planned_removal_pkey" PRIMARY KEY ("org_id","gns","host","cause")
);

ALTER TABLE "planned_removal" ADD CONSTRAINT "planned_removal_cause_check"
  CHECK ("cause" IN ('RULES', 'APPROVED', 'OBSERVED', 'DELETED'));

GRANT SELECT, INSERT, UPDATE, DELETE ON "planned_removal" TO isthmus_app;

ALTER TABLE "planned_removal" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "planned_removal" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "planned_removal" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));

-- Members that leave by rules are held for a whole global namespace, and lists of held deletions may be shorter than the sets.
ALTER TABLE "held_deletion" DROP CONSTRAINT "held_deletion_kind_check";
ALTER TABLE "held_deletion" ADD CONSTRAINT "held_deletion_kind_check" CHECK ("kind" IN ('INTAKE', 'PRUNE', 'DRAIN'));
ALTER TABLE "held_deletion" ADD COLUMN "count" INTEGER;
