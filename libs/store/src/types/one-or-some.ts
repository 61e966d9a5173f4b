/** Ids of which rows are read in one statement: one of them, or some. */
export type OneOrSome = string | readonly string[];
