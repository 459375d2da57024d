/** Said before anything is deleted. */
export const KEPT = 'Where a soft-delete policy holds, it can be restored for some days, else never.'
