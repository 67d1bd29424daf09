/** What formats can be asked for: light, for the command line loads it at every start. */
export const gradeFormats = ['text', 'json', 'gradescope', 'junit', 'github', 'prairielearn', 'csv'] as const;
export type GradeFormat = (typeof gradeFormats)[number];

/** whose columns a table has */
export const gradebooks = ['canvas', 'moodle'] as const;
export type Gradebook = (typeof gradebooks)[number];

/** when Gradescope lets students see a result */
export const visibilities = ['visible', 'hidden', 'after_due_date', 'after_published'] as const;
export type Visibility = (typeof visibilities)[number];
