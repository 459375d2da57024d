;;; towpath-mentor-chat.el --- The mentor's chat -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; A buffer.  RET on a number such as [1] opens the golden file that it stands for, for reading only.

;;; Code:

(require 'towpath-mentor)

(defvar towpath-mentor-chat--conversation nil "Of the mentor, to go on with.")
(defvar towpath-mentor-chat--answer nil "Markers around the answer that comes now.")

(define-derived-mode towpath-mentor-chat-mode special-mode "Mentor"
  "The mentor's chat."
  (setq-local word-wrap t))
(define-key towpath-mentor-chat-mode-map (kbd "a") #'towpath-mentor-chat)

(defun towpath-mentor-chat--buffer ()
  "The chat's buffer."
  (with-current-buffer (get-buffer-create "*mentor chat*")
    (unless (derived-mode-p 'towpath-mentor-chat-mode) (towpath-mentor-chat-mode))
    (current-buffer)))

(defun towpath-mentor-chat--insert (text)
  "Append TEXT."
  (with-current-buffer (towpath-mentor-chat--buffer)
    (let ((inhibit-read-only t))
      (save-excursion (goto-char (point-max)) (insert text)))))

(defun towpath-mentor-chat-on-delta (delta)
  "More of an answer came: DELTA."
  (when towpath-mentor-chat--answer (towpath-mentor-chat--insert (towpath-mentor-get delta :text))))

(defun towpath-mentor-chat--finish (text citations notes)
  "The answer is TEXT, its numbers stand for CITATIONS, and NOTES say more of it."
  (with-current-buffer (towpath-mentor-chat--buffer)
    (let ((inhibit-read-only t) (from (marker-position towpath-mentor-chat--answer)))
      (setq towpath-mentor-chat--answer nil)
      (delete-region from (point-max))
      (goto-char (point-max))
      (insert text "\n\n")
      (seq-doseq (one citations)
        (insert (format "[%s] %s\n" (towpath-mentor-get one :number) (towpath-mentor-get one :citation))))
      (seq-doseq (note notes) (insert note "\n"))
      (goto-char from)
      (while (re-search-forward "\\[\\([0-9]+\\)\\]" nil t)
        (let* ((number (string-to-number (match-string 1)))
               (one (seq-find (lambda (it) (equal (towpath-mentor-get it :number) number)) citations)))
          (when one
            (make-text-button (match-beginning 0) (match-end 0)
                              'action (lambda (_) (towpath-mentor-open one)))))))))

(defun towpath-mentor-chat (question)
  "Ask the mentor QUESTION."
  (interactive "sAsk the mentor: ")
  (when towpath-mentor-chat--answer (user-error "The mentor still answers"))
  (when (string-empty-p (string-trim question)) (user-error "Ask something"))
  (towpath-mentor-chat--insert (format "\n* %s\n\n" question))
  (setq towpath-mentor-chat--answer
        (with-current-buffer (towpath-mentor-chat--buffer) (copy-marker (point-max))))
  (display-buffer (towpath-mentor-chat--buffer))
  (towpath-mentor--request
   "towpathMentor/chat"
   (append (list :question question)
           (and towpath-mentor-chat--conversation (list :conversation towpath-mentor-chat--conversation)))
   (lambda (answer)
     (setq towpath-mentor-chat--conversation (towpath-mentor-get answer :conversation))
     (towpath-mentor-chat--finish (towpath-mentor-get answer :text) (towpath-mentor-get answer :citations)
                                  (towpath-mentor-get answer :notes)))
   (lambda (words) (towpath-mentor-chat--finish words nil nil))))

(provide 'towpath-mentor-chat)
;;; towpath-mentor-chat.el ends here
