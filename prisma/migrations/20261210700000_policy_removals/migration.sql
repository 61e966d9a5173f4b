-- Changes of policies that may take objects away are decisions like those about members.
ALTER TABLE "planned_removal" DROP CONSTRAINT "planned_removal_cause_check";
ALTER TABLE "planned_removal" ADD CONSTRAINT "planned_removal_cause_check"
  CHECK ("cause" IN ('RULES', 'APPROVED', 'OBSERVED', 'DELETED', 'POLICY'));
