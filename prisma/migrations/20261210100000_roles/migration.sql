-- Who holds which role where. A scope names what it is granted on: nothing of the organization, a project, project/name of a
-- global namespace, or a cluster group.
CREATE TABLE "role_binding" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "scope_kind" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "role_binding_pkey" PRIMARY KEY ("org_id","id"),
    CONSTRAINT "role_binding_subject_kind_check" CHECK ("subject_kind" IN ('USER', 'GROUP', 'SERVICE_ACCOUNT', 'TOKEN')),
    CONSTRAINT "role_binding_scope_kind_check" CHECK ("scope_kind" IN ('ORGANIZATION', 'PROJECT', 'GLOBAL_NAMESPACE', 'CLUSTER_GROUP')),
    CONSTRAINT "role_binding_scope_check" CHECK (("scope" = '') = ("scope_kind" = 'ORGANIZATION'))
);

CREATE UNIQUE INDEX "role_binding_org_id_subject_kind_subject_role_scope_kind_sc_key"
  ON "role_binding"("org_id", "subject_kind", "subject", "role", "scope_kind", "scope");

CREATE INDEX "role_binding_org_id_role_idx" ON "role_binding"("org_id", "role");

-- Roles beside those that are built in. What a permission is called is the application's matter: an unknown one gives nothing.
CREATE TABLE "custom_role" (
    "org_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "permissions" TEXT[] NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "custom_role_pkey" PRIMARY KEY ("org_id","name")
);

GRANT SELECT, INSERT, UPDATE, DELETE ON "role_binding", "custom_role" TO isthmus_app;

ALTER TABLE "role_binding" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "role_binding" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "role_binding" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));

ALTER TABLE "custom_role" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "custom_role" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "custom_role" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));
