/** What is searched for, and how many are wanted at most. */
export interface TextSearch {
  text: string;
  limit: number;
}
