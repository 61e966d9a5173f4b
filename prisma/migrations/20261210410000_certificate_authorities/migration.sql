-- Number of the authority that signed a certificate: one is retired when no agent lives by it any more.
ALTER TABLE "agent_certificate" ADD COLUMN "authority" INTEGER NOT NULL DEFAULT 1;
