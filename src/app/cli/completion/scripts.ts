/** What each shell is told. They ask the program itself, so they never have to be written again. */
export const SCRIPTS = {
  bash: `# Completion of actionport for bash: eval "$(actionport completion bash)"
_actionport() {
  local line paths="" current=\${COMP_WORDS[COMP_CWORD]}
  # A word of bash ends at : and =, which stand in keys and options.
  local words typed
  typed=\${COMP_LINE:0:COMP_POINT}
  read -r -a words <<< "$typed"
  [[ $typed == *" " ]] && words+=("")
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $paths ]]; then paths=$line; else COMPREPLY+=("$line"); fi
  done < <("\${words[0]}" __complete -- "\${words[@]:1}" 2>/dev/null)
  case $paths in
    "paths file") while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null ;;
    "paths directory") while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current"); compopt -o filenames 2>/dev/null ;;
  esac
  return 0
}
complete -F _actionport actionport
`,
  zsh: `#compdef actionport
# Completion of actionport for zsh: eval "$(actionport completion zsh)", below compinit
_actionport() {
  local -a answer
  answer=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  case \${answer[1]} in
    "paths file") _files ;;
    "paths directory") _files -/ ;;
  esac
  (( \${#answer} > 1 )) && compadd -- "\${(@)answer[2,-1]}"
}
compdef _actionport actionport
`,
  fish: `# Completion of actionport for fish: actionport completion fish > ~/.config/fish/completions/actionport.fish
function __actionport_complete
  set -l typed (commandline -opc) (commandline -ct)
  set -l answer ($typed[1] __complete -- $typed[2..-1] 2>/dev/null)
  switch "$answer[1]"
    case "paths file"
      __fish_complete_path (commandline -ct)
    case "paths directory"
      __fish_complete_directories (commandline -ct)
  end
  printf '%s\\n' $answer[2..-1]
end
complete -c actionport -f -a '(__actionport_complete)'
`,
} as const;
