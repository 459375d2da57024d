/**
 * What a shell reads once. Each asks `towpath complete` at every tab and evaluates nothing of what it answers: names come
 * from servers. Lines of the answer are a word, or a word, a tab and what it means.
 */
export const scripts = {
  bash: `# towpath for bash: source <(towpath completion bash)
_towpath() {
  local IFS=$' \\t\\n' rest=$COMP_LINE words=() line word at
  # Bash cuts words at ":" and "="; what no space stands between is one word.
  for ((at = 0; at <= COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if ((at > 0)) && [[ -n $word && $rest != [[:space:]]* ]]; then words[-1]+=$word; else words+=("$word"); fi
    rest=\${rest#"\${rest%%[![:space:]]*}"}
    rest=\${rest#"$word"}
  done
  local current=\${words[-1]} last=\${COMP_WORDS[COMP_CWORD]} cut
  [[ $last == [:=] ]] && last=
  cut=\${current%"$last"}
  COMPREPLY=()
  while IFS= read -r line; do
    line=\${line%%$'\\t'*}
    # Quoted as a word, so that the line means the name and runs nothing.
    printf -v word %q "\${line#"$cut"}"
    [[ $line == *[/=] ]] && compopt -o nospace
    COMPREPLY+=("$word")
  done < <(towpath complete bash -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _towpath towpath
`,
  zsh: `#compdef towpath
# towpath for zsh: source <(towpath completion zsh), after compinit
_towpath() {
  local line
  local -a found shown
  while IFS= read -r line; do
    found+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  }")
  done < <(towpath complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  # compadd quotes what it inserts.
  if ((\${#found})); then compadd -l -d shown -a -- found; else _files; fi
}
compdef _towpath towpath
`,
  fish: `# towpath for fish: towpath completion fish | source
function __towpath_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (towpath complete fish -- $words[2..-1] 2>/dev/null)
  # fish quotes what it inserts.
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c towpath -f -a '(__towpath_complete)'
`,
} as const

export type Shell = keyof typeof scripts
