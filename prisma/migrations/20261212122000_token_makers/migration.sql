-- The token by which a token was made: it ends with that one. Tokens that were made before stay as they were made.
ALTER TABLE "api_token" ADD COLUMN "parent" TEXT;
CREATE INDEX "api_token_org_id_parent_idx" ON "api_token"("org_id", "parent");
