-- People, as an identity provider (or the local door) told of them.
CREATE TABLE "user_account" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "groups" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "signed_in_at" TIMESTAMPTZ(6) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(6) NOT NULL,
    "suspended_at" TIMESTAMPTZ(6),
    "suspended_reason" TEXT,
    "disabled_at" TIMESTAMPTZ(6),
    "disabled_by" TEXT,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("org_id","id")
);
CREATE UNIQUE INDEX "user_account_org_id_issuer_subject_key" ON "user_account"("org_id", "issuer", "subject");

-- What a provider gave for a sign-in: asked again and again whether it still stands. Its tokens are sealed.
CREATE TABLE "user_grant" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_session" TEXT,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "checked_at" TIMESTAMPTZ(6) NOT NULL,
    "due_at" TIMESTAMPTZ(6) NOT NULL,
    "fault" TEXT,

    CONSTRAINT "user_grant_pkey" PRIMARY KEY ("org_id","id")
);
CREATE INDEX "user_grant_org_id_due_at_idx" ON "user_grant"("org_id", "due_at");
CREATE INDEX "user_grant_org_id_account_idx" ON "user_grant"("org_id", "account");

-- Sessions of people; only the hash of the secret is kept.
CREATE TABLE "user_session" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "user_grant" TEXT,
    "device" TEXT NOT NULL,
    "ip" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "seen_at" TIMESTAMPTZ(6) NOT NULL,
    "idle_ms" BIGINT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),
    "ended_reason" TEXT,

    CONSTRAINT "user_session_pkey" PRIMARY KEY ("org_id","id"),
    CONSTRAINT "user_session_kind_check" CHECK ("kind" IN ('BROWSER', 'CLI'))
);
CREATE UNIQUE INDEX "user_session_hash_key" ON "user_session"("hash");
CREATE INDEX "user_session_org_id_account_idx" ON "user_session"("org_id", "account");
CREATE INDEX "user_session_org_id_expires_at_idx" ON "user_session"("org_id", "expires_at");

-- Sign-ins that have begun: each is taken once, by the browser that began it.
CREATE TABLE "sign_in_attempt" (
    "org_id" TEXT NOT NULL,
    "state_hash" TEXT NOT NULL,
    "browser_hash" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "verifier" TEXT NOT NULL,
    "return_to" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "sign_in_attempt_pkey" PRIMARY KEY ("org_id","state_hash")
);
CREATE INDEX "sign_in_attempt_org_id_expires_at_idx" ON "sign_in_attempt"("org_id", "expires_at");

-- Command lines that wait for a person to let them in (RFC 8628).
CREATE TABLE "device_login" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "device_hash" TEXT NOT NULL,
    "user_hash" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "ip" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "polled_at" TIMESTAMPTZ(6),
    "state" TEXT NOT NULL DEFAULT 'PENDING',
    "account" TEXT,
    "user_grant" TEXT,

    CONSTRAINT "device_login_pkey" PRIMARY KEY ("org_id","id"),
    CONSTRAINT "device_login_state_check" CHECK ("state" IN ('PENDING', 'APPROVED', 'DENIED', 'TAKEN'))
);
CREATE UNIQUE INDEX "device_login_device_hash_key" ON "device_login"("device_hash");
CREATE UNIQUE INDEX "device_login_org_id_user_hash_key" ON "device_login"("org_id", "user_hash");
CREATE INDEX "device_login_org_id_expires_at_idx" ON "device_login"("org_id", "expires_at");

-- Programs that call in their own name.
CREATE TABLE "service_account" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "created_by" TEXT NOT NULL,
    "disabled_at" TIMESTAMPTZ(6),

    CONSTRAINT "service_account_pkey" PRIMARY KEY ("org_id","id")
);
CREATE UNIQUE INDEX "service_account_org_id_name_key" ON "service_account"("org_id", "name");

-- The door for the day on which no identity provider answers. No row: it is closed.
CREATE TABLE "local_admin" (
    "org_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "totp_sealed" TEXT,
    "totp_used" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "local_admin_pkey" PRIMARY KEY ("org_id","name")
);

-- Wrong passwords, by the network that they came from: it is locked out, and nobody else.
CREATE TABLE "local_failure" (
    "org_id" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,
    "locked_until" TIMESTAMPTZ(6),

    CONSTRAINT "local_failure_pkey" PRIMARY KEY ("org_id","network")
);
CREATE INDEX "local_failure_org_id_since_idx" ON "local_failure"("org_id", "since");

-- Whose a token is: '' an organization's own (as before), USER or SERVICE_ACCOUNT. Its rights end with those of its owner.
ALTER TABLE "api_token" ADD COLUMN "owner_kind" TEXT NOT NULL DEFAULT '';
ALTER TABLE "api_token" ADD COLUMN "owner" TEXT NOT NULL DEFAULT '';
ALTER TABLE "api_token" ADD COLUMN "created_by" TEXT NOT NULL DEFAULT '';
ALTER TABLE "api_token" ADD COLUMN "scope_kind" TEXT NOT NULL DEFAULT 'ORGANIZATION';
ALTER TABLE "api_token" ADD COLUMN "scope" TEXT NOT NULL DEFAULT '';
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_owner_check" CHECK ("owner_kind" IN ('', 'USER', 'SERVICE_ACCOUNT'));
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_scope_check" CHECK ("scope_kind" IN ('ORGANIZATION', 'PROJECT', 'GLOBAL_NAMESPACE') AND ("scope" = '') = ("scope_kind" = 'ORGANIZATION'));
CREATE INDEX "api_token_org_id_owner_idx" ON "api_token"("org_id", "owner_kind", "owner");

GRANT SELECT, INSERT, UPDATE, DELETE ON
  "user_account", "user_grant", "user_session", "sign_in_attempt", "device_login", "service_account", "local_admin", "local_failure"
TO isthmus_app;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['user_account', 'user_grant', 'user_session', 'sign_in_attempt', 'device_login', 'service_account', 'local_admin', 'local_failure']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (org_id = (SELECT current_setting(''isthmus.org'', true)))'
      ' WITH CHECK (org_id = (SELECT current_setting(''isthmus.org'', true)))', name);
  END LOOP;
END
$$;

-- A secret's hash leads to its organization before any organization is known: read by the owner alone.
CREATE POLICY lookup ON "user_session" FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY lookup ON "device_login" FOR SELECT TO CURRENT_USER USING (true);
