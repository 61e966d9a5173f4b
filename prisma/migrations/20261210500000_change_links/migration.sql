-- The changes of a revision are those whose version lies between its own and that of the revision before.
CREATE INDEX "resource_generation_org_id_version_idx" ON "resource_generation"("org_id", "version");
CREATE INDEX "gns_revision_org_id_gns_spec_version_idx" ON "gns_revision"("org_id", "gns", "spec_version");
