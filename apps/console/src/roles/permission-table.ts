interface PermissionTableShape {
  /** Kinds of resources. */
  rows: string[];
  verbs: string[];
  /** What is no matter of one kind. */
  others: string[];
}

/** Permissions of kinds (`TrafficPolicy.write`) as a table, and the rest, in the order in which they come. */
export function permissionTable(all: readonly string[]): PermissionTableShape {
  const ofKinds = all.filter((permission) => /^[A-Z]/.test(permission)).map((permission) => permission.split('.'));
  return {
    rows: [...new Set(ofKinds.map(([kind = '']) => kind))],
    verbs: [...new Set(ofKinds.map(([, verb = '']) => verb))],
    others: all.filter((permission) => !/^[A-Z]/.test(permission)),
  };
}
