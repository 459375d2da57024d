/** The built-in format of the Wiki. A team's own is named in `archangel.json`. */
export const WIKI_TEMPLATE = `# Wiki

How the golden repositories are built, read from their sources. Every place is at the commit that was indexed.
{{^repositories}}

Nothing is indexed yet.
{{/repositories}}
{{#repositories}}

## {{repository}}

{{overview}}

### Where to begin

{{#begin}}
- {{how}}: {{path}}, {{citation}}
{{/begin}}
{{^begin}}
Nothing runs by itself, and no file is a door or imported by others.
{{/begin}}

### Modules
{{#maps}}

Who imports whom; the number on an arrow is how often. {{more}} smaller modules are left out.

{{diagram}}
{{/maps}}

| module | files | units |
| - | -: | -: |
{{#modules}}
| {{module}} | {{files}} | {{units}} |
{{/modules}}
{{#linked}}

| from | to | imports | for example |
| - | - | -: | - |
{{#links}}
| {{from}} | {{to}} | {{imports}} | {{citation}} |
{{/links}}
{{/linked}}

### Tests

{{#tests}}
- {{files}} {{placement}}, {{pattern}}: {{citation}}
{{/tests}}
{{^tests}}
No test files were found.
{{/tests}}
{{/repositories}}

## How things are named

{{#fileNames}}
- files in {{spelling}}: {{count}}, as {{citation}}
{{/fileNames}}

Of {{exported}} exported functions, what they begin with:

{{#verbs}}
- {{verb}} {{count}} ×: {{citation}}
{{/verbs}}

## Glossary

{{#glossary}}
- {{term}} ({{used}} files): {{meaning}} {{citation}}
{{/glossary}}
{{^glossary}}
No exported name has a doc comment and is used elsewhere.
{{/glossary}}
`
