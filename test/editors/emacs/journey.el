;;; journey.el --- Run by Emacs: emacs --batch -l journey.el -*- lexical-binding: t -*-

;;; Commentary:

;; Each step is a line of JSON on standard output; the test beside it says what they must hold.

;;; Code:

(require 'json)
(require 'cl-lib)

(defconst journey-late 60 "Seconds.")

(defun journey-say (step what)
  "Tell that at STEP there was WHAT."
  (princ (concat (json-encode (list (cons 'step step) (cons 'what what))) "\n")))

(defun journey-wait (step check)
  "Until CHECK gives something; what STEP is told where it never does."
  (let ((end (+ (float-time) journey-late)) found)
    (while (not (setq found (funcall check)))
      (when (> (float-time) end)
        (journey-say "late" step)
        (kill-emacs 1))
      (accept-process-output nil 0.05))
    found))

(add-to-list 'load-path (getenv "PLUGIN"))
(setq make-backup-files nil auto-save-default nil create-lockfiles nil
      eglot-sync-connect 60 eglot-connect-timeout 60 eglot-events-buffer-size 0)
(require 'towpath-mentor-eglot)
(setq towpath-mentor-command (list (getenv "TOWPATH") "mentor"))

;; A person at the keyboard.
(defvar journey-picks nil) (defvar journey-typed nil)
(defun completing-read (prompt items &rest _)
  "Pick of ITEMS the one that holds `journey-picks'."
  (let ((names (mapcar (lambda (item) (if (consp item) (car item) item)) items)))
    (journey-say "offered" (vconcat names))
    (or (seq-find (lambda (name) (string-match-p (regexp-quote journey-picks) name)) names)
        (error "%s has no %s" prompt journey-picks))))
(defun read-string (prompt &optional initial &rest _)
  "Type `journey-typed' at PROMPT, which begins with INITIAL."
  (journey-say "prompt" (list (cons 'prompt prompt) (cons 'initial initial)))
  journey-typed)
(setq last-nonmenu-event ?x)
(defvar journey-told nil "What the mentor had shown.")
(cl-defmethod eglot-handle-notification :before
  (_server (_method (eql window/showMessage)) &key message &allow-other-keys)
  "Keep MESSAGE."
  (setq journey-told message))

(defvar journey-source nil)
(setq journey-source (find-file-noselect (concat (getenv "PROJECT") "/src/quay.js")))
(set-buffer journey-source)
(apply #'eglot (eglot--guess-contact))
(journey-wait "a connection" #'eglot-current-server)
(journey-say "connected" (eieio-object-class-name (eglot-current-server)))

(defun journey-hints ()
  "What Flymake shows of the mentor."
  (with-current-buffer journey-source
    (mapcar (lambda (one) (flymake-diagnostic-text one)) (flymake-diagnostics))))

(goto-char (point-max))
(insert (getenv "CODE"))
;; Emacs sends changes when it is idle, which it never is here.
(eglot--signal-textDocument/didChange)
(with-current-buffer journey-source (flymake-mode 1) (flymake-start nil))
(journey-wait "a hint" (function journey-hints))
(journey-say "hint" (vconcat (journey-hints)))

(defun journey-step (title)
  "Pick the step of the hint that holds TITLE."
  (with-current-buffer journey-source
    (goto-char (flymake-diagnostic-beg (car (flymake-diagnostics))))
    (setq journey-picks title)
    (call-interactively #'eglot-code-actions)))

(defun journey-shown ()
  "What the selected window shows."
  (with-current-buffer (window-buffer)
    (list (cons 'name (buffer-name)) (cons 'readonly buffer-read-only) (cons 'line (line-number-at-pos))
          (cons 'text (buffer-substring-no-properties (line-beginning-position) (line-end-position))))))
(defun journey-text (name)
  "All of buffer NAME, where there is one."
  (when (get-buffer name) (with-current-buffer name (buffer-substring-no-properties (point-min) (point-max)))))

(journey-step "Why")
(journey-say "why" (journey-wait "why" (lambda () journey-told)))

(journey-step "golden")
(journey-wait "the golden file" (lambda () (with-current-buffer (window-buffer) buffer-read-only)))
(journey-say "golden" (journey-shown))

(setq journey-typed "The caller knows")
(journey-step "for me")
;; Emacs 28's jsonrpc leaves what came together with an answer until more comes. A cursor that rests asks for a hover.
(with-current-buffer journey-source
  (journey-wait "no hint" (lambda () (or (null (journey-hints)) (ignore (eglot-hover-eldoc-function #'ignore))))))
(journey-say "muted" t)

(with-current-buffer journey-source (towpath-mentor-chat "How do we treat errors?"))
(journey-wait "an answer with its source"
              (lambda () (string-match-p "^\\[1\\] " (or (journey-text "*mentor chat*") ""))))
(journey-say "chat" (journey-text "*mentor chat*"))
(with-current-buffer "*mentor chat*"
  (goto-char (point-min))
  (search-forward "[1]")
  (push-button (match-beginning 0)))
(journey-say "citation" (journey-shown))

(with-current-buffer journey-source
  (save-buffer)
  (towpath-mentor-review))
(journey-wait "a review" (lambda () (journey-text "review.md")))
(journey-say "review" (journey-text "review.md"))
