-- The protocol that a cluster's agent spoke when it was heard last; null: of an earlier release.
ALTER TABLE "agent_session" ADD COLUMN "protocol" INTEGER;

-- A change of policy that goes in steps: whom the step waits for. Null: nothing is under way.
ALTER TABLE "gns_head" ADD COLUMN "rollout" JSONB;
ALTER TABLE "gns_head" ADD COLUMN "rollout_due" TIMESTAMPTZ(6);
CREATE INDEX "gns_head_org_id_rollout_due_idx" ON "gns_head"("org_id", "rollout_due");
