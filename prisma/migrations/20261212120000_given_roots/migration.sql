-- Trees that a cluster was sent to on its policy line before the one of now, newest first: a difference is told from these alone.
ALTER TABLE "target" ADD COLUMN "given" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- Trees that catalogs went through, the newest thousand of each global namespace.
CREATE TABLE "catalog_root" (
    "org_id" TEXT NOT NULL,
    "gns" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "root" TEXT NOT NULL,

    CONSTRAINT "catalog_root_pkey" PRIMARY KEY ("org_id","gns","seq")
);
CREATE INDEX "catalog_root_org_id_gns_root_idx" ON "catalog_root"("org_id", "gns", "root");

GRANT SELECT, INSERT, UPDATE, DELETE ON "catalog_root" TO isthmus_app;
ALTER TABLE "catalog_root" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "catalog_root" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "catalog_root" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));
