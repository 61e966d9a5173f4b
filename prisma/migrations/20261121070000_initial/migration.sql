-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "system_state" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "lineage" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "system_state_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organization" (
    "id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "line_version" (
    "org_id" TEXT NOT NULL,
    "line" TEXT NOT NULL,
    "version" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "line_version_pkey" PRIMARY KEY ("org_id","line")
);

-- CreateTable
CREATE TABLE "resource" (
    "org_id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "project" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "generation" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "resource_pkey" PRIMARY KEY ("org_id","uid")
);

-- CreateTable
CREATE TABLE "resource_generation" (
    "org_id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "generation" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "project" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "deleted" BOOLEAN NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "resource_generation_pkey" PRIMARY KEY ("org_id","uid","version")
);

-- CreateTable
CREATE TABLE "outbox" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "ids" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(6),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "audit" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "project" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "request_id" TEXT,
    "token_id" TEXT,
    "ip" TEXT,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "tree_object" (
    "org_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "touched_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tree_object_pkey" PRIMARY KEY ("org_id","hash")
);

-- CreateTable
CREATE TABLE "gns_revision" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "root" TEXT NOT NULL,
    "compiler_version" INTEGER NOT NULL,
    "spec_version" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "gns_revision_pkey" PRIMARY KEY ("org_id","gns","number")
);

-- CreateTable
CREATE TABLE "gns_head" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "spec_version" BIGINT NOT NULL DEFAULT 0,
    "policy_revision" INTEGER NOT NULL DEFAULT 0,
    "policy_root" TEXT,
    "compiler_version" INTEGER NOT NULL DEFAULT 0,
    "catalog_epoch" INTEGER NOT NULL DEFAULT 0,
    "catalog_seq" BIGINT NOT NULL DEFAULT 0,
    "catalog_root" TEXT,
    "catalog_statement" TEXT,
    "catalog_signature" TEXT,
    "inventory_version" BIGINT NOT NULL DEFAULT 0,
    "policy_issues" JSONB NOT NULL DEFAULT '[]',
    "catalog_issues" JSONB NOT NULL DEFAULT '[]',
    "version" BIGINT NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "gns_head_pkey" PRIMARY KEY ("org_id","gns")
);

-- CreateTable
CREATE TABLE "target" (
    "org_id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "root" TEXT NOT NULL,
    "min_catalog_seq" BIGINT NOT NULL,
    "revision" INTEGER,
    "statement" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "moved_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "target_pkey" PRIMARY KEY ("org_id","cluster","gns")
);

-- CreateTable
CREATE TABLE "applied" (
    "org_id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "line" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "root" TEXT NOT NULL,
    "object_count" INTEGER NOT NULL,
    "objects" JSONB,
    "issues" JSONB NOT NULL DEFAULT '[]',
    "error_count" INTEGER NOT NULL,
    "warning_count" INTEGER NOT NULL,
    "detail" JSONB,
    "applied_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" BIGINT NOT NULL,

    CONSTRAINT "applied_pkey" PRIMARY KEY ("org_id","cluster","gns","line")
);

-- CreateTable
CREATE TABLE "member_state" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "entered_seq" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ(6),
    "version" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_state_pkey" PRIMARY KEY ("org_id","gns","host","cluster","namespace","service")
);

-- CreateTable
CREATE TABLE "vip" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "allocated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "released_at" TIMESTAMPTZ(6),

    CONSTRAINT "vip_pkey" PRIMARY KEY ("org_id","gns","host")
);

-- CreateTable
CREATE TABLE "port_contract" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "fixed_by" TEXT NOT NULL,

    CONSTRAINT "port_contract_pkey" PRIMARY KEY ("org_id","gns","host","number")
);

-- CreateTable
CREATE TABLE "inventory_head" (
    "org_id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "boot_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "root" TEXT NOT NULL,
    "complete" BOOLEAN NOT NULL,
    "facts" JSONB NOT NULL,
    "observed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" BIGINT NOT NULL,

    CONSTRAINT "inventory_head_pkey" PRIMARY KEY ("org_id","cluster")
);

-- CreateTable
CREATE TABLE "inventory_namespace" (
    "org_id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "readable" BOOLEAN NOT NULL,
    "observed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inventory_namespace_pkey" PRIMARY KEY ("org_id","cluster","namespace")
);

-- CreateTable
CREATE TABLE "held_deletion" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "set_hash" TEXT NOT NULL,
    "items" JSONB NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "approved_by" TEXT,
    "approved_at" TIMESTAMPTZ(6),
    "version" BIGINT NOT NULL,

    CONSTRAINT "held_deletion_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "agent_session" (
    "org_id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "session" BIGINT NOT NULL DEFAULT 0,
    "gateway_id" TEXT,
    "cluster_uid" TEXT,
    "agent_version" TEXT,
    "address" TEXT,
    "connected" BOOLEAN NOT NULL DEFAULT false,
    "connected_at" TIMESTAMPTZ(6),
    "disconnected_at" TIMESTAMPTZ(6),
    "last_seen_at" TIMESTAMPTZ(6),
    "last_error" TEXT,
    "quarantine" TEXT,
    "revoked_at" TIMESTAMPTZ(6),
    "version" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "agent_session_pkey" PRIMARY KEY ("org_id","cluster")
);

-- CreateTable
CREATE TABLE "enrolment_token" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "enrolment_token_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "agent_certificate" (
    "org_id" TEXT NOT NULL,
    "serial" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "not_before" TIMESTAMPTZ(6) NOT NULL,
    "not_after" TIMESTAMPTZ(6) NOT NULL,
    "state" TEXT NOT NULL,
    "superseded_by" TEXT,
    "ordinal" INTEGER NOT NULL,
    "issued_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "agent_certificate_pkey" PRIMARY KEY ("org_id","serial")
);

-- CreateTable
CREATE TABLE "gateway_instance" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "lease_until" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "gateway_instance_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "org_id" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "response" JSONB,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("org_id","actor","key")
);

-- CreateTable
CREATE TABLE "signal_minute" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "minute" TIMESTAMPTZ(6) NOT NULL,
    "cluster" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "signal_minute_pkey" PRIMARY KEY ("org_id","gns","minute","cluster")
);

-- CreateIndex
CREATE INDEX "resource_org_id_created_at_idx" ON "resource"("org_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "resource_org_id_kind_project_name_key" ON "resource"("org_id", "kind", "project", "name");

-- CreateIndex
CREATE INDEX "audit_org_id_subject_id_id_idx" ON "audit"("org_id", "subject_id", "id");

-- CreateIndex
CREATE INDEX "audit_org_id_actor_id_idx" ON "audit"("org_id", "actor", "id");

-- CreateIndex
CREATE INDEX "tree_object_org_id_touched_at_idx" ON "tree_object"("org_id", "touched_at");

-- CreateIndex
CREATE INDEX "gns_head_org_id_version_idx" ON "gns_head"("org_id", "version");

-- CreateIndex
CREATE INDEX "target_org_id_gns_idx" ON "target"("org_id", "gns");

-- CreateIndex
CREATE INDEX "target_org_id_version_idx" ON "target"("org_id", "version");

-- CreateIndex
CREATE INDEX "applied_org_id_gns_idx" ON "applied"("org_id", "gns");

-- CreateIndex
CREATE INDEX "applied_org_id_version_idx" ON "applied"("org_id", "version");

-- CreateIndex
CREATE INDEX "member_state_org_id_due_at_idx" ON "member_state"("org_id", "due_at");

-- CreateIndex
CREATE INDEX "member_state_org_id_cluster_idx" ON "member_state"("org_id", "cluster");

-- CreateIndex
CREATE UNIQUE INDEX "vip_org_id_address_key" ON "vip"("org_id", "address");

-- CreateIndex
CREATE UNIQUE INDEX "held_deletion_org_id_cluster_kind_gns_key" ON "held_deletion"("org_id", "cluster", "kind", "gns");

-- CreateIndex
CREATE INDEX "agent_session_org_id_version_idx" ON "agent_session"("org_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "enrolment_token_secret_hash_key" ON "enrolment_token"("secret_hash");

-- CreateIndex
CREATE INDEX "enrolment_token_org_id_cluster_idx" ON "enrolment_token"("org_id", "cluster");

-- CreateIndex
CREATE UNIQUE INDEX "agent_certificate_org_id_cluster_ordinal_key" ON "agent_certificate"("org_id", "cluster", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE INDEX "idempotency_key_org_id_created_at_idx" ON "idempotency_key"("org_id", "created_at");

-- Written by hand from here on: what Prisma's schema language has no words for.

INSERT INTO "system_state" ("id", "lineage") VALUES (1, gen_random_uuid()::text);

-- Only one outbox row per topic and subject waits; a claimed one does not count, since its work may have begun before the change.
CREATE UNIQUE INDEX "outbox_waiting_key" ON "outbox" ("org_id", "topic", "subject") WHERE "done_at" IS NULL AND "attempts" = 0;
CREATE INDEX "outbox_due_idx" ON "outbox" ("org_id", "lease_until", "id") WHERE "done_at" IS NULL;
CREATE INDEX "outbox_done_idx" ON "outbox" ("org_id", "done_at") WHERE "done_at" IS NOT NULL;
CREATE INDEX "resource_labels_idx" ON "resource" USING gin ("labels" jsonb_path_ops);

ALTER TABLE "resource" ADD CONSTRAINT "resource_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organization" ("id");
ALTER TABLE "line_version" ADD CONSTRAINT "line_version_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organization" ("id");
ALTER TABLE "target" ADD CONSTRAINT "target_state_check" CHECK ("state" IN ('ACTIVE', 'LEAVING', 'CLOSED'));
ALTER TABLE "applied" ADD CONSTRAINT "applied_line_check" CHECK ("line" IN ('policy', 'catalog'));
ALTER TABLE "member_state" ADD CONSTRAINT "member_state_state_check" CHECK ("state" IN ('wanted', 'served', 'draining'));
ALTER TABLE "held_deletion" ADD CONSTRAINT "held_deletion_kind_check" CHECK ("kind" IN ('INTAKE', 'PRUNE'));
ALTER TABLE "agent_certificate" ADD CONSTRAINT "agent_certificate_state_check" CHECK ("state" IN ('ISSUED', 'ACTIVE', 'RETIRED', 'REVOKED'));

-- The application's role: no superuser, no BYPASSRLS, owner of nothing. Roles belong to the server, so it may be there already.
DO $$
BEGIN
  CREATE ROLE isthmus_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$$;
-- Who made a role may hand it on, but does not take it himself unless granted (Postgres 16); superusers need no grant.
DO $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT isthmus_app TO %I', current_user);
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  IF NOT pg_has_role(current_user, 'isthmus_app', 'MEMBER') THEN
    RAISE EXCEPTION 'the role isthmus_app was made by somebody else: let an administrator run GRANT isthmus_app TO %', current_user;
  END IF;
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO isthmus_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  "line_version", "resource", "outbox", "tree_object", "gns_revision", "gns_head", "target", "applied", "member_state", "vip",
  "port_contract", "inventory_head", "inventory_namespace", "held_deletion", "agent_session", "enrolment_token",
  "agent_certificate", "gateway_instance", "api_token", "idempotency_key", "signal_minute"
TO isthmus_app;
-- Append-only: what happened stays.
GRANT SELECT, INSERT ON "audit", "resource_generation" TO isthmus_app;
GRANT SELECT ON "organization", "system_state" TO isthmus_app;

-- Row-level security: a tenant table is one with org_id. Forced, so that the owner is bound as well.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT c.table_name FROM information_schema.columns c
    WHERE c.table_schema = current_schema() AND c.column_name = 'org_id'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (org_id = (SELECT current_setting(''isthmus.org'', true)))'
      ' WITH CHECK (org_id = (SELECT current_setting(''isthmus.org'', true)))', name);
  END LOOP;
END
$$;
ALTER TABLE "organization" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "organization" USING ("id" = (SELECT current_setting('isthmus.org', true)));

-- A secret's hash leads to its organization before any organization is known: read by the owner alone.
CREATE POLICY lookup ON "api_token" FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY lookup ON "enrolment_token" FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY lookup ON "outbox" FOR SELECT TO CURRENT_USER USING (true);

-- Hints after the commit; whoever hears them reads the rows, and polls as well. Postgres folds equal ones of a transaction.
CREATE FUNCTION "isthmus_outbox_added"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('isthmus_outbox', json_build_object('org', NEW.org_id, 'subject', NEW.topic)::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER "outbox_added" AFTER INSERT OR UPDATE ON "outbox"
  FOR EACH ROW WHEN (NEW.attempts = 0 AND NEW.done_at IS NULL) EXECUTE FUNCTION "isthmus_outbox_added"();

CREATE FUNCTION "isthmus_line_moved"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('isthmus_lines', json_build_object('org', NEW.org_id, 'subject', NEW.line, 'detail', NEW.version::text)::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER "line_moved" AFTER INSERT OR UPDATE ON "line_version" FOR EACH ROW EXECUTE FUNCTION "isthmus_line_moved"();
