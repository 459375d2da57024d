;;; towpath-mentor.el --- A mentor grounded in your team's own repositories -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Commands of the mentor, for whichever of `towpath-mentor-eglot' and `towpath-mentor-lsp-mode' is loaded.

;;; Code:

(require 'seq)
(require 'subr-x)

(defgroup towpath-mentor nil "A mentor grounded in your team's own repositories." :group 'tools)

(defcustom towpath-mentor-command '("towpath" "mentor")
  "How the mentor is started."
  :type '(repeat string))

(defconst towpath-mentor-modes
  '((typescript-mode . "typescript") (typescript-ts-mode . "typescript") (tsx-ts-mode . "typescriptreact")
    (js-mode . "javascript") (js-ts-mode . "javascript") (python-mode . "python") (python-ts-mode . "python")
    (go-mode . "go") (go-ts-mode . "go") (csharp-mode . "csharp") (csharp-ts-mode . "csharp")
    (java-mode . "java") (java-ts-mode . "java"))
  "Modes of the languages that the mentor knows, each with the language's name in LSP.")

(defvar towpath-mentor-send-functions nil
  "Of each client: called with method, params, and what to do with the answer and with an error's words.
Returns nil where it has no mentor for the current buffer.")

(defvar towpath-mentor--home nil "The buffer from which the mentor was asked last.")

(defun towpath-mentor--request (method params done &optional failed)
  "Ask METHOD with PARAMS; DONE gets the answer, FAILED the words of an error."
  (let ((failed (or failed (lambda (words) (message "Mentor: %s" words)))))
    (if (run-hook-with-args-until-success 'towpath-mentor-send-functions method params done failed)
        (setq towpath-mentor--home (current-buffer))
      ;; From the chat one asks the mentor of the file that one came from.
      (let ((home towpath-mentor--home))
        (unless (and (buffer-live-p home)
                     (with-current-buffer home
                       (run-hook-with-args-until-success 'towpath-mentor-send-functions method params done failed)))
          (user-error "No mentor runs here: start it in a file of a language that it knows"))))))

(defun towpath-mentor-execute (name &optional argument done)
  "Run the mentor's command NAME with ARGUMENT; DONE gets the answer."
  (towpath-mentor--request "workspace/executeCommand"
                           (list :command (concat "towpath.mentor." name) :arguments (if argument (vector argument) []))
                           (or done #'ignore)))

;;; What is shown

(defun towpath-mentor-get (answer key)
  "KEY of ANSWER, a property list (eglot) or a hash table (lsp-mode)."
  (if (hash-table-p answer)
      (gethash (substring (symbol-name key) 1) answer)
    (plist-get answer key)))

(defun towpath-mentor-open (place)
  "Show the file at PLACE, an answer with `:uri' and maybe `:range', for reading only."
  (let* ((path (url-unhex-string (url-filename (url-generic-parse-url (towpath-mentor-get place :uri)))))
         (range (towpath-mentor-get place :range))
         (line (and range (towpath-mentor-get (towpath-mentor-get range :start) :line))))
    (with-current-buffer (find-file-noselect (decode-coding-string path 'utf-8) t)
      ;; A review of the same name may have been open.
      (unless (verify-visited-file-modtime) (revert-buffer t t))
      (setq buffer-read-only t)
      (goto-char (point-min))
      (when line (forward-line line))
      (pop-to-buffer (current-buffer)))))

(defun towpath-mentor-ask-reason (argument)
  "ARGUMENT of a mute with the reason that the user gives."
  (let* ((proposed (or (towpath-mentor-get argument :reason) ""))
         (reason (string-trim (read-string "Why does it not hold here? " proposed))))
    (when (string-empty-p reason) (user-error "Say why: reasons tell which norms are disputed"))
    (if (hash-table-p argument)
        (let ((copy (copy-hash-table argument))) (puthash "reason" reason copy) copy)
      (plist-put (copy-sequence argument) :reason reason))))

;;; Commands

(defun towpath-mentor-index () "Index what archangel.json names." (interactive) (towpath-mentor-execute "index"))
(defun towpath-mentor-refresh () "Bring the index up to date." (interactive) (towpath-mentor-execute "refresh"))
(defun towpath-mentor-repair () "Repair the index." (interactive) (towpath-mentor-execute "repair"))

(defun towpath-mentor-wipe ()
  "Remove the index from this machine."
  (interactive)
  (when (yes-or-no-p "Wipe the mentor's index? ") (towpath-mentor-execute "wipe")))

(defun towpath-mentor-status ()
  "What the mentor knows and does."
  (interactive)
  (towpath-mentor-execute "status"))

(defun towpath-mentor-review ()
  "Review what was changed and not committed."
  (interactive)
  (towpath-mentor-execute "review" nil #'towpath-mentor-open))

(defun towpath-mentor-code-style ()
  "Write the team's Code Style."
  (interactive)
  (towpath-mentor-execute "codeStyle" nil #'towpath-mentor-open))

(defun towpath-mentor-wiki ()
  "Write the Wiki of the golden repositories."
  (interactive)
  (towpath-mentor-execute "wiki" nil #'towpath-mentor-open))

(defun towpath-mentor-set-mode (mode)
  "Let the mentor help as MODE says: learning, pairing or off."
  (interactive (list (completing-read "How the mentor helps: " '("learning" "pairing" "off") nil t)))
  (towpath-mentor-execute "mode" (list :mode mode)))

(provide 'towpath-mentor)
;;; towpath-mentor.el ends here
