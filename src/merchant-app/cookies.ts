/** The cookie with the id of the organisation that was opened last in this browser. It gives no rights. */
export const WORKSPACE_COOKIE = '__Host-softsolz.workspace';
