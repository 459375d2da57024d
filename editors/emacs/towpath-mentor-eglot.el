;;; towpath-mentor-eglot.el --- The mentor in Eglot -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Eglot has one server a buffer: with it the mentor stands in the place of another. `towpath-mentor-lsp-mode' has both.

;;; Code:

(require 'eglot)
(require 'towpath-mentor)
(require 'towpath-mentor-chat)

(defclass towpath-mentor-eglot-server (eglot-lsp-server) () :documentation "The mentor.")

(add-to-list 'eglot-server-programs
             (cons (mapcar (lambda (mode) (list (car mode) :language-id (cdr mode))) towpath-mentor-modes)
                   (lambda (&rest _) (cons 'towpath-mentor-eglot-server towpath-mentor-command))))

(cl-defmethod eglot-client-capabilities ((_server towpath-mentor-eglot-server))
  "It may ask to show a document."
  (let ((all (cl-call-next-method)))
    (plist-put all :window (plist-put (copy-sequence (plist-get all :window)) :showDocument '(:support t)))))

(cl-defmethod eglot-handle-request
  ((_server towpath-mentor-eglot-server) (_method (eql window/showDocument)) &key uri selection &allow-other-keys)
  "Show a golden file, for reading only."
  (towpath-mentor-open (list :uri uri :range selection))
  '(:success t))

(defun towpath-mentor-eglot--send (method params done failed)
  "Send METHOD with PARAMS where the mentor is the server of this buffer; DONE and FAILED are told."
  (let ((server (eglot-current-server)))
    (when (towpath-mentor-eglot-server-p server)
      ;; Without a deadline: indexing takes as long as it takes, and says how far it is.
      (jsonrpc-async-request server (intern (concat ":" method)) params :timeout nil
                             :success-fn done
                             :error-fn (lambda (problem) (funcall failed (plist-get problem :message))))
      t)))
(add-hook 'towpath-mentor-send-functions #'towpath-mentor-eglot--send)

(cl-defmethod eglot-handle-notification
  ((_server towpath-mentor-eglot-server) (_method (eql towpathMentor/chatDelta)) &rest delta)
  "More of an answer came."
  (towpath-mentor-chat-on-delta delta))

;; What the mentor tells beyond that has nobody to show it here.
(cl-defmethod eglot-handle-notification
  ((_server towpath-mentor-eglot-server) method &rest _)
  "METHOD of the mentor's own, or of LSP."
  (unless (string-prefix-p "towpathMentor/" (symbol-name method)) (cl-call-next-method)))

;; A mute asks why. Eglot 1.17 executes actions by another function.
(cl-defmethod eglot-execute-command
  ((server towpath-mentor-eglot-server) (_command (eql towpath.mentor.mute)) arguments)
  (cl-call-next-method server 'towpath.mentor.mute (vector (towpath-mentor-ask-reason (aref arguments 0)))))

(provide 'towpath-mentor-eglot)
;;; towpath-mentor-eglot.el ends here
