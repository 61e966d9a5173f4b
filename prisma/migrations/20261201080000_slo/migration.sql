-- Signals of hours, made of minutes that are too old to be kept one by one.
CREATE TABLE "signal_hour" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "cluster" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "signal_hour_pkey" PRIMARY KEY ("org_id","gns","hour","cluster")
);

-- What was counted of an objective, and what came out. An empty host stands for all hosts of a global namespace together.
CREATE TABLE "slo_state" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "slo" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "shape" TEXT NOT NULL,
    "sealed_until" TIMESTAMPTZ(6) NOT NULL,
    "state" JSONB NOT NULL,
    "report" JSONB NOT NULL,
    "evaluated_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "slo_state_pkey" PRIMARY KEY ("org_id","gns","slo","host")
);

CREATE INDEX "slo_state_org_id_slo_idx" ON "slo_state"("org_id", "slo");

GRANT SELECT, INSERT, UPDATE, DELETE ON "signal_hour", "slo_state" TO isthmus_app;

ALTER TABLE "signal_hour" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "signal_hour" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "signal_hour" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));
ALTER TABLE "slo_state" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "slo_state" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "slo_state" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));
