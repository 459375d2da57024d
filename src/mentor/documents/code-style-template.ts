/** The built-in format of the Code Style document. A team's own is named in `archangel.json`. */
export const CODE_STYLE_TEMPLATE = `# Code style

What the golden repositories agree on, counted in their sources. A habit is a norm where {{agreement}} of at least {{cases}} places in at least {{fewest}} repositories agree;
nobody wrote these rules down. Shares are counted so that no repository outvotes the others. {{normCount}} norms, {{undecidedCount}} questions undecided.

| repository | commit | files |
| - | - | -: |
{{#repositories}}
| {{repository}} | {{commit}} | {{files}} |
{{/repositories}}
{{^repositories}}
| nothing is indexed | | |
{{/repositories}}
{{#languages}}

## {{language}}
{{#subjects}}

### {{subject}}
{{#norms}}

#### {{title}}

{{prose}}

{{share}} agree; {{id}}.{{#examples}} {{citation}}{{/examples}}
{{#snippets}}

Like this, {{citation}}:

{{code}}
{{/snippets}}
{{#counterSnippets}}

Not like this, {{citation}}:

{{code}}
{{/counterSnippets}}

{{#dissent}}
- {{repository}} answers {{answer}} {{count}} ×: {{citation}}
{{/dissent}}
{{/norms}}
{{/subjects}}
{{#open}}

### Undecided

| question | most often | places | share | repositories | else | for example |
| - | - | -: | -: | -: | - | - |
{{#undecided}}
| {{id}} | {{answer}} | {{agree}} of {{cases}} | {{share}} | {{repositoryCount}} | {{others}} | {{citation}} |
{{/undecided}}
{{/open}}
{{/languages}}
`
