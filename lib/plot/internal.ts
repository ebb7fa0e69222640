/** What other folders need of the plots, and users do not get. @module */
export { isColumnTable } from "./column_table.ts";
