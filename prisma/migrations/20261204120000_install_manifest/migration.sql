-- Manifests that can be fetched by a one-time id. They are sealed with a key made of that id, of which only the hash is here.
CREATE TABLE "install_manifest" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "id_hash" TEXT NOT NULL,
    "sealed" BYTEA,
    "reads_left" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "install_manifest_pkey" PRIMARY KEY ("org_id","id")
);

CREATE UNIQUE INDEX "install_manifest_id_hash_key" ON "install_manifest"("id_hash");

CREATE INDEX "install_manifest_org_id_expires_at_idx" ON "install_manifest"("org_id", "expires_at");

GRANT SELECT, INSERT, UPDATE, DELETE ON "install_manifest" TO isthmus_app;

ALTER TABLE "install_manifest" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "install_manifest" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "install_manifest" USING (org_id = (SELECT current_setting('isthmus.org', true)))
  WITH CHECK (org_id = (SELECT current_setting('isthmus.org', true)));

-- An id's hash leads to its organization before any organization is known: read by the owner alone.
CREATE POLICY lookup ON "install_manifest" FOR SELECT TO CURRENT_USER USING (true);
