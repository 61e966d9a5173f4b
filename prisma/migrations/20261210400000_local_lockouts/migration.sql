-- How often a network was locked out: each time for longer.
ALTER TABLE "local_failure" ADD COLUMN "lockouts" INTEGER NOT NULL DEFAULT 0;
