-- When the lineage of the database was raised last: certificates that are not known are taken in only if they are older.
ALTER TABLE "system_state" ADD COLUMN "raised_at" TIMESTAMPTZ(6);
UPDATE "system_state" SET "raised_at" = now() WHERE "epoch" > 1;

-- Where and when an agent was enrolled, how far its clock is off, and which processes spoke for the cluster in turns.
ALTER TABLE "agent_session" ADD COLUMN "enrolled_at" TIMESTAMPTZ(6),
  ADD COLUMN "enrolled_from" TEXT,
  ADD COLUMN "clock_skew_ms" BIGINT,
  ADD COLUMN "boots" JSONB;

-- Such a token replaces an identity: it may bind another cluster UID and lifts revocation and quarantine.
ALTER TABLE "enrolment_token" ADD COLUMN "renews" BOOLEAN NOT NULL DEFAULT false;

-- Decisions of people about clusters. Without a row a cluster is a member like any other.
CREATE TABLE "cluster_life" (
    "org_id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "phase" TEXT NOT NULL DEFAULT 'MEMBER',
    "since" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "by" TEXT NOT NULL DEFAULT '',
    "proof" JSONB,
    "abandoned_at" TIMESTAMPTZ(6),
    "abandoned_by" TEXT,
    "forgotten_at" TIMESTAMPTZ(6),
    "forgotten_by" TEXT,
    "version" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "cluster_life_pkey" PRIMARY KEY ("org_id","cluster"),
    CONSTRAINT "cluster_life_phase_check" CHECK ("phase" IN ('MEMBER', 'LEAVING', 'LEFT', 'EVICTED'))
);

-- Who was refused at the doors of the gateway, before or instead of getting a stream. An empty cluster: nobody knows whose agent it was.
CREATE TABLE "identity_refusal" (
    "org_id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "door" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "first_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "last_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),

    CONSTRAINT "identity_refusal_pkey" PRIMARY KEY ("org_id","cluster","code","address")
);

-- Lines on which nothing is pushed, since the agent knows more than the database; void once the epoch is greater.
CREATE TABLE "line_stop" (
    "org_id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "line" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "message" TEXT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),

    CONSTRAINT "line_stop_pkey" PRIMARY KEY ("org_id","cluster","gns","line")
);

GRANT SELECT, INSERT, UPDATE, DELETE ON "cluster_life", "identity_refusal", "line_stop" TO isthmus_app;

ALTER TABLE "cluster_life" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cluster_life" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "cluster_life" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));
ALTER TABLE "identity_refusal" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "identity_refusal" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "identity_refusal" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));
ALTER TABLE "line_stop" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "line_stop" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "line_stop" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));
