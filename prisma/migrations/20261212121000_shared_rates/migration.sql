-- What callers and organizations have used of their rates, over all processes of the API. It is worth nothing after a crash.
CREATE UNLOGGED TABLE "rate_use" (
    "org_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "used" BIGINT NOT NULL,
    "ends_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "rate_use_pkey" PRIMARY KEY ("org_id","key")
);
CREATE INDEX "rate_use_org_id_ends_at_idx" ON "rate_use"("org_id", "ends_at");

GRANT SELECT, INSERT, UPDATE, DELETE ON "rate_use" TO isthmus_app;
ALTER TABLE "rate_use" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "rate_use" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "rate_use" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));
