/** The orders in which pairs can be dealt, in words. */
import type { Order } from "../bindings/Order";

export const ORDERS: readonly { readonly order: Order; readonly says: string }[] = [
  { order: "fixed", says: "As the data has them" },
  { order: "random", says: "Random, for each person another" },
  { order: "by-task", says: "Task by task" },
  { order: "fewest-first", says: "Those that the fewest people were dealt first" },
];
