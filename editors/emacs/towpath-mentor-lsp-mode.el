;;; towpath-mentor-lsp-mode.el --- The mentor in lsp-mode -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Beside the language's own server.

;;; Code:

(require 'lsp-mode)
(require 'towpath-mentor)
(require 'towpath-mentor-chat)

(defun towpath-mentor-lsp-mode--golden (action)
  "Show the golden file of ACTION, for reading only.
lsp-mode 8 shows no documents by itself, and the mentor answers where the file is."
  (towpath-mentor-open (lsp-send-execute-command "towpath.mentor.golden" (lsp:command-arguments? action))))

(defun towpath-mentor-lsp-mode--mute (action)
  "A mute ACTION asks why."
  (lsp-send-execute-command
   "towpath.mentor.mute" (vector (towpath-mentor-ask-reason (aref (lsp:command-arguments? action) 0)))))

(lsp-register-client
 (make-lsp-client
  :new-connection (lsp-stdio-connection (lambda () (append towpath-mentor-command nil)))
  :activation-fn (lambda (_file mode) (assq mode towpath-mentor-modes))
  :server-id 'towpath-mentor
  :add-on? t
  :notification-handlers
  (lsp-ht ("towpathMentor/chatDelta" (lambda (_workspace delta) (towpath-mentor-chat-on-delta delta)))
          ("towpathMentor/indexProgress" #'ignore)
          ("towpathMentor/hintShown" #'ignore)
          ("towpathMentor/hintMuted" #'ignore)
          ("towpathMentor/hintResolved" #'ignore)
          ("towpathMentor/documentReady" #'ignore))
  :action-handlers (lsp-ht ("towpath.mentor.golden" #'towpath-mentor-lsp-mode--golden)
                           ("towpath.mentor.mute" #'towpath-mentor-lsp-mode--mute))))
(dolist (mode towpath-mentor-modes)
  (add-to-list 'lsp-language-id-configuration mode t))

(defun towpath-mentor-lsp-mode--send (method params done failed)
  "Send METHOD with PARAMS where the mentor runs for this buffer; DONE and FAILED are told."
  (when-let ((workspace (and buffer-file-name (lsp-find-workspace 'towpath-mentor buffer-file-name))))
    (with-lsp-workspace workspace
      (lsp-request-async method params done
                         :mode 'detached
                         :error-handler (lambda (problem) (funcall failed (towpath-mentor-get problem :message)))))
    t))
(add-hook 'towpath-mentor-send-functions #'towpath-mentor-lsp-mode--send)

(provide 'towpath-mentor-lsp-mode)
;;; towpath-mentor-lsp-mode.el ends here
