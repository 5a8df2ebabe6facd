// Generated from the merged OpenAPI document by `npm run client`. Not edited by hand.

export interface paths {
    "/api/v1/directory/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Posts
         * @description The posts in tree order.
         */
        get: operations["directory_list_posts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/directory/tenant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Tenant
         * @description The own tenant and its business time.
         */
        get: operations["directory_get_tenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/directory/units/{unit_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Unit
         * @description One unit.
         */
        get: operations["directory_get_unit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recruitment/applications/{application_id}/eligibility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain Eligibility
         * @description The findings per rule with article, words and facts, and the determinations they rest on.
         */
        get: operations["recruitment_explain_eligibility"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recruitment/hires/{hire_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Hire
         * @description One hire.
         */
        get: operations["recruitment_read_hire"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recruitment/my/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List My Applications
         * @description The caller's own applications, newest first.
         */
        get: operations["recruitment_list_my_applications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recruitment/my/applications/{application_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read My Application
         * @description One of the caller's own applications.
         */
        get: operations["recruitment_read_my_application"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recruitment/my/applications/{application_id}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List My Documents
         * @description One's own documents, what is missing, and what is asked for.
         */
        get: operations["recruitment_list_my_documents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recruitment/my/applications/{application_id}/eligibility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read My Eligibility
         * @description How one's own review ended, with the article of a refusal.
         */
        get: operations["recruitment_read_my_eligibility"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recruitment/my/applications/{application_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw My Application
         * @description Withdraw a sign-up before it closes.
         */
        post: operations["recruitment_withdraw_my_application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recruitment/plans/{plan_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Plan
         * @description One plan with its posts.
         */
        get: operations["recruitment_read_plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/regulation/articles/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Article
         * @description An article of the regulation in force, with its text.
         */
        get: operations["regulation_get_article"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/regulation/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Terms
         * @description What the regulation in force calls its levels, departments, facts, workflows and their steps.
         */
        get: operations["regulation_get_terms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roster/approvals/{case_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Approval */
        get: operations["roster_get_approval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roster/approvals/{case_id}/allowed-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Allowed Actions */
        get: operations["roster_get_allowed_actions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roster/approvals/{case_id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide Approval */
        post: operations["roster_decide_approval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roster/approvals/{case_id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Case Files
         * @description The files beside a case.
         */
        get: operations["roster_list_case_files"];
        put?: never;
        /**
         * Attach File
         * @description Lay a file beside a case: the body is the file.
         */
        post: operations["roster_attach_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roster/approvals/{case_id}/files/{file_id}/contents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Case File
         * @description The contents of a file beside a case; the reading is audited.
         */
        get: operations["roster_download_case_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roster/approvals/{case_id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Approval Timeline */
        get: operations["roster_get_approval_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roster/approvals/bulk-decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide Approvals
         * @description Decide up to 500 cases; each result stands for itself.
         */
        post: operations["roster_decide_approvals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worklist/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count Items
         * @description How much waits for the acting post, by workflow, and what is late or without anybody within its scope.
         */
        get: operations["worklist_count_items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worklist/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Items
         * @description What waits for the acting post over all services, the soonest due first.
         */
        get: operations["worklist_list_items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/{tenant}/assessment/surveys/{survey_id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer Survey
         * @description Answer once with a token, without signing in.
         */
        post: operations["assessment_answer_survey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/{tenant}/assessment/surveys/{survey_id}/form": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Survey Form
         * @description The questions, for everybody.
         */
        get: operations["assessment_read_survey_form"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/{tenant}/recruitment/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Notices
         * @description Notices, newest first: published ones for everybody, those of the units in scope for officials.
         */
        get: operations["recruitment_list_notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/{tenant}/recruitment/notices/{notice_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Notice
         * @description One notice with every revision, its posts, and what an applicant has to state.
         */
        get: operations["recruitment_read_notice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/{tenant}/recruitment/publicity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Public Hires
         * @description The lists of proposed hires that are public today, with masked names.
         */
        get: operations["recruitment_list_public_hires"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AllowedAction
         * @description An action that the acting post may take now.
         */
        AllowedAction: {
            /**
             * Action
             * @enum {string}
             */
            action: "submit" | "withdraw" | "remind" | "approve" | "fix" | "recommend" | "determine" | "return" | "reject" | "sign" | "refuse" | "add_signer" | "remove_signer" | "acknowledge" | "question" | "reply" | "guide" | "claim" | "release" | "delegate" | "recuse" | "object" | "handle_objection" | "end_period" | "escalate";
            /** Comment Required */
            comment_required: boolean;
            /** Step */
            step: string | null;
        };
        /**
         * AllowedActions
         * @description All that the acting post may do with the case now; empty when nothing.
         */
        AllowedActions: {
            /** Items */
            items: components["schemas"]["AllowedAction"][];
        };
        /**
         * Answer
         * @description A resident's answer: the token, in the body and never in an address, and a mark for every question.
         */
        Answer: {
            /** Marks */
            marks: {
                [key: string]: number;
            };
            /**
             * Token
             * Format: password
             */
            token: string;
        };
        /**
         * ApplicationSummary
         * @description An application in a list.
         */
        ApplicationSummary: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Id Number
             * @description Masked; null once the person's data was erased.
             */
            id_number: string | null;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Name */
            name: string;
            /**
             * Notice Id
             * Format: uuid
             */
            notice_id: string;
            /**
             * State
             * @enum {string}
             */
            state: "submitted" | "withdrawn" | "qualified" | "not_qualified" | "failed" | "proposed" | "hired" | "not_hired";
            /**
             * Submitted At
             * Format: date-time
             */
            submitted_at: string;
            /** Version */
            version: number;
        };
        /**
         * ApplicationView
         * @description An application as reviewers and the applicant see it: numbers masked.
         */
        ApplicationView: {
            /** Declarations */
            declarations: {
                [key: string]: unknown;
            };
            /** Education Code */
            education_code: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Id Number
             * @description Masked; null once the person's data was erased.
             */
            id_number: string | null;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Name */
            name: string;
            /**
             * Notice Id
             * Format: uuid
             */
            notice_id: string;
            /**
             * Phone
             * @description Masked; null once the person's data was erased.
             */
            phone: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "submitted" | "withdrawn" | "qualified" | "not_qualified" | "failed" | "proposed" | "hired" | "not_hired";
            /**
             * Submitted At
             * Format: date-time
             */
            submitted_at: string;
            /** Version */
            version: number;
        };
        /**
         * ArticleView
         * @description An article: its text, what became of it, and where the system rests on it.
         */
        ArticleView: {
            /** Detail */
            detail: {
                [key: string]: unknown;
            };
            /** Interpretations */
            interpretations: components["schemas"]["InterpretationView"][];
            /** Number */
            number: string;
            /** Status */
            status: string;
            /** Text */
            text: string | null;
        };
        /**
         * BulkBody
         * @description Decisions on several cases; each stands or falls by itself.
         */
        BulkBody: {
            /** Items */
            items: components["schemas"]["BulkDecision"][];
        };
        /**
         * BulkDecision
         * @description One decision of many.
         */
        BulkDecision: {
            /**
             * Action
             * @enum {string}
             */
            action: "submit" | "withdraw" | "remind" | "approve" | "fix" | "recommend" | "determine" | "return" | "reject" | "sign" | "refuse" | "add_signer" | "remove_signer" | "acknowledge" | "question" | "reply" | "guide" | "claim" | "release" | "delegate" | "recuse" | "object" | "handle_objection";
            /** Attachments */
            attachments?: string[];
            /**
             * Case Id
             * Format: uuid
             */
            case_id: string;
            /** Comment */
            comment?: string | null;
            /** Figures */
            figures?: {
                [key: string]: number;
            };
            /** Marks */
            marks?: components["schemas"]["MarkBody"][];
            /** Met */
            met?: boolean | null;
            /** Objection */
            objection?: string | null;
            office?: components["schemas"]["OfficeBody"] | null;
            /** Step */
            step?: string | null;
            /** To */
            to?: string | null;
            /** Upheld */
            upheld?: boolean | null;
            /** User Id */
            user_id?: string | null;
        };
        /**
         * BulkResult
         * @description What became of one decision: the state of the case, or the problem that refused it.
         */
        BulkResult: {
            /**
             * Case Id
             * Format: uuid
             */
            case_id: string;
            /**
             * Problem
             * @description RFC 9457.
             */
            problem?: {
                [key: string]: unknown;
            } | null;
            /** State */
            state?: ("open" | "returned" | "approved" | "rejected" | "withdrawn") | null;
            /**
             * Status
             * @description 200, or the status of the problem.
             */
            status: number;
        };
        /**
         * BulkResults
         * @description The results in the order of the decisions.
         */
        BulkResults: {
            /** Items */
            items: components["schemas"]["BulkResult"][];
        };
        /**
         * CaseFiles
         * @description The files beside a case, first added first.
         */
        CaseFiles: {
            /** Items */
            items: components["schemas"]["CaseFileView"][];
        };
        /**
         * CaseFileView
         * @description A file beside a case (附件).
         */
        CaseFileView: {
            /**
             * Added At
             * Format: date-time
             */
            added_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Media Type */
            media_type: string;
            /**
             * Name
             * @description The sender's name of the file, kept only where the case is about a person.
             */
            name: string | null;
            /** Sha256 */
            sha256: string;
            /** Size */
            size: number;
            /** User Id */
            user_id: string | null;
        };
        /**
         * CaseView
         * @description A case with all its steps.
         */
        CaseView: {
            /** Decided At */
            decided_at: string | null;
            /** Facts */
            facts: {
                [key: string]: unknown;
            };
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            /** Pack Id */
            pack_id: string;
            /** Pack Version */
            pack_version: string;
            /** Returned Step */
            returned_step: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "returned" | "approved" | "rejected" | "withdrawn";
            /** Steps */
            steps: components["schemas"]["StepView"][];
            /**
             * Subject Id
             * Format: uuid
             */
            subject_id: string;
            /** Subject Type */
            subject_type: string;
            /**
             * Subject Unit Id
             * Format: uuid
             */
            subject_unit_id: string;
            /** Submitter User Id */
            submitter_user_id: string | null;
            /** Version */
            version: number;
            /** Workflow */
            workflow: string;
        };
        /**
         * Count
         * @description How many items of one kind wait.
         */
        Count: {
            /** Items */
            items: number;
            /** Overdue */
            overdue: number;
            /** Service */
            service: string;
            /** Workflow */
            workflow: string;
        };
        /**
         * Counts
         * @description How much waits for the acting post.
         */
        Counts: {
            /** By Workflow */
            by_workflow: components["schemas"]["Count"][];
            /** Claimed By Me */
            claimed_by_me: number;
            /** Escalated */
            escalated: number;
            /** Mine */
            mine: number;
            /** Overdue */
            overdue: number;
            /** Unclaimed */
            unclaimed: number;
            /** Unstaffed */
            unstaffed: number;
        };
        /**
         * DecisionBody
         * @description A decision. `step` is left out for submit, withdraw and remind; `objection` and `upheld` handle one.
         *
         *     `to` is the earlier step that a return goes back to, the submitter when left out, `marks` the fields found wrong;
         *     `user_id` to whom a step is delegated, nobody any more when left out; `office` the signer added or removed;
         *     `figures` what a `fix` step sets; `met` what a determination finds; `attachments` files of the case.
         */
        DecisionBody: {
            /**
             * Action
             * @enum {string}
             */
            action: "submit" | "withdraw" | "remind" | "approve" | "fix" | "recommend" | "determine" | "return" | "reject" | "sign" | "refuse" | "add_signer" | "remove_signer" | "acknowledge" | "question" | "reply" | "guide" | "claim" | "release" | "delegate" | "recuse" | "object" | "handle_objection";
            /** Attachments */
            attachments?: string[];
            /** Comment */
            comment?: string | null;
            /** Figures */
            figures?: {
                [key: string]: number;
            };
            /** Marks */
            marks?: components["schemas"]["MarkBody"][];
            /** Met */
            met?: boolean | null;
            /** Objection */
            objection?: string | null;
            office?: components["schemas"]["OfficeBody"] | null;
            /** Step */
            step?: string | null;
            /** To */
            to?: string | null;
            /** Upheld */
            upheld?: boolean | null;
            /** User Id */
            user_id?: string | null;
        };
        /**
         * DeclarationView
         * @description A fact that the applicant states when signing up, because a condition of the regulation reads it.
         */
        DeclarationView: {
            /** Kind */
            kind: string;
            /** Label En */
            label_en: string;
            /** Label Zh */
            label_zh: string;
            /** Name */
            name: string;
            /**
             * Required
             * @description False: a claim to priority, left out by whoever has none.
             */
            required: boolean;
            /** Values */
            values: {
                [key: string]: {
                    [key: string]: string;
                };
            };
        };
        /**
         * DeterminationView
         * @description Who found what, in which post, on what evidence.
         */
        DeterminationView: {
            /**
             * Application Id
             * Format: uuid
             */
            application_id: string;
            /** By Department */
            by_department: string | null;
            /** By Level */
            by_level: string | null;
            /**
             * Determined At
             * Format: date-time
             */
            determined_at: string;
            /** Evidence */
            evidence: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "rule" | "fact";
            /** Post Id */
            post_id: string | null;
            /** Reason */
            reason: string;
            /** Subject */
            subject: string;
            /** User Id */
            user_id: string | null;
            /** Value */
            value: unknown;
        };
        /**
         * DocumentsView
         * @description All documents of an application, what the notice requires and is not there, and the requests for more.
         */
        DocumentsView: {
            /**
             * Application Id
             * Format: uuid
             */
            application_id: string;
            /** Documents */
            documents: components["schemas"]["DocumentView"][];
            /** Missing */
            missing: ("identity_card" | "diploma" | "photo" | "certificate" | "identity_proof" | "work_proof" | "other")[];
            /** Requests */
            requests: components["schemas"]["MaterialRequestView"][];
        };
        /**
         * DocumentView
         * @description A document as listed; the contents are read apart. The name is the sender's, null once the person was erased.
         */
        DocumentView: {
            /**
             * Application Id
             * Format: uuid
             */
            application_id: string;
            /**
             * Handed In At
             * Format: date-time
             */
            handed_in_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "identity_card" | "diploma" | "photo" | "certificate" | "identity_proof" | "work_proof" | "other";
            /** Media Type */
            media_type: string;
            /** Name */
            name: string | null;
            /** Request Id */
            request_id: string | null;
            /** Sha256 */
            sha256: string;
            /** Size */
            size: number;
        };
        /**
         * EligibilityView
         * @description What reviewers see beside the findings.
         *
         *     `within_birth_window`: whether the birth date lies in the window that the notice names, null where it names none.
         */
        EligibilityView: {
            /**
             * Application Id
             * Format: uuid
             */
            application_id: string;
            /**
             * Article
             * @description Of the first finding that refuses, if one does.
             */
            article: string | null;
            /** Concluded At */
            concluded_at?: string | null;
            /** Determinations */
            determinations: components["schemas"]["DeterminationView"][];
            /** Findings */
            findings: components["schemas"]["recruitment_FindingView"][];
            /**
             * Interpretations
             * @description Of the articles that the findings cite.
             */
            interpretations: components["schemas"]["InterpretationView"][];
            /**
             * Overall
             * @enum {string}
             */
            overall: "qualified" | "not_qualified" | "awaiting";
            /** Pack Id */
            pack_id: string;
            /** Pack Version */
            pack_version: string;
            /** Within Birth Window */
            within_birth_window: boolean | null;
        };
        /**
         * ExamTermsView
         * @description The terms in force; `ours` names those that no article and no notice states: defaults of this system.
         */
        ExamTermsView: {
            /** Decimals */
            decimals: number;
            /** Interview Pass */
            interview_pass: string | null;
            /** Interview Ratio */
            interview_ratio: number;
            /** Interview Weight */
            interview_weight: number;
            /** Ours */
            ours: string[];
            /** Replacement Rounds */
            replacement_rounds: number;
            /** Tie Break */
            tie_break: ("written" | "interview")[];
            /** Written Pass */
            written_pass: string | null;
            /** Written Weight */
            written_weight: number;
        };
        /** Page[PostView] */
        gateway_Page_PostView_: {
            /** Items */
            items: components["schemas"]["gateway_PostView"][];
            /** Next */
            next?: string | null;
        };
        /**
         * PostView
         * @description A post, with the place it acts from.
         */
        gateway_PostView: {
            /** Acting */
            acting: boolean;
            /**
             * Department Id
             * Format: uuid
             */
            department_id: string;
            /** Department Kind */
            department_kind: string;
            /** Department Title */
            department_title: string;
            /** Display Name */
            display_name: string;
            /** Duty */
            duty: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Last No */
            last_no: number;
            /** Level */
            level: string;
            /**
             * Unit Id
             * Format: uuid
             */
            unit_id: string;
            /** Unit No */
            unit_no: number;
            /** Unit Title */
            unit_title: string;
            /**
             * User Id
             * Format: uuid
             */
            user_id: string;
            /** Valid Before */
            valid_before: string | null;
            /**
             * Valid From
             * Format: date
             */
            valid_from: string;
            /** Version */
            version: number;
        };
        /**
         * HireView
         * @description A proposed hire.
         */
        HireView: {
            /**
             * Application Id
             * Format: uuid
             */
            application_id: string;
            /** Case Id */
            case_id: string | null;
            /** Community Title */
            community_title: string;
            /** Decided On */
            decided_on: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Masked Name */
            masked_name: string;
            /**
             * Notice Id
             * Format: uuid
             */
            notice_id: string;
            /** Post Title */
            post_title: string;
            /** Public From */
            public_from: string | null;
            /**
             * Public Until
             * @description Last day of the publicity, included.
             */
            public_until: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "approved" | "rejected" | "withdrawn";
            /** Version */
            version: number;
        };
        /**
         * InterpretationView
         * @description An interpretation of an article: by which organ, in which document, from when on, and its words.
         */
        InterpretationView: {
            /** Article */
            article: string;
            /** Document */
            document: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            organ: components["schemas"]["OrganName"];
            /** Text */
            text: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from: string;
        };
        /**
         * ItemView
         * @description Something that waits: an open step of a case, or a signature asked for at it.
         */
        ItemView: {
            /** Acting Unit Id */
            acting_unit_id: string | null;
            /** Article */
            article: string | null;
            /**
             * Case Id
             * Format: uuid
             */
            case_id: string;
            /**
             * Case Path
             * @description Where the case is read and decided.
             */
            case_path: string;
            /** Claimed By */
            claimed_by: string | null;
            /** Delegate Id */
            delegate_id: string | null;
            /** Department */
            department: string;
            /** Due On */
            due_on: string | null;
            /** Ends On */
            ends_on: string | null;
            /** Escalated */
            escalated: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Kind */
            kind: string;
            /** Level */
            level: string;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            /** Reminded */
            reminded: boolean;
            /** Service */
            service: string;
            /**
             * Signer
             * @description `department@level` of the signature that is asked for; empty for the step itself.
             */
            signer: string;
            /** Step */
            step: string;
            /**
             * Subject Id
             * Format: uuid
             */
            subject_id: string;
            /** Subject Type */
            subject_type: string;
            /**
             * Subject Unit Id
             * Format: uuid
             */
            subject_unit_id: string;
            /** Unstaffed */
            unstaffed: string | null;
            /** Workflow */
            workflow: string;
        };
        /**
         * MarkBody
         * @description A field of the matter that is to be corrected.
         */
        MarkBody: {
            /** Message */
            message: string;
            /**
             * Pointer
             * @description JSON pointer (RFC 6901).
             */
            pointer: string;
        };
        /**
         * Material
         * @description A document that applicants hand in; without a required one nobody is found qualified.
         */
        Material: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "identity_card" | "diploma" | "photo" | "certificate" | "identity_proof" | "work_proof" | "other";
            /**
             * Required
             * @default false
             */
            required: boolean;
            /** Title */
            title: string;
        };
        /**
         * MaterialRequestView
         * @description A request for more documents and how it stands.
         */
        MaterialRequestView: {
            /**
             * Application Id
             * Format: uuid
             */
            application_id: string;
            /**
             * Asked At
             * Format: date-time
             */
            asked_at: string;
            /**
             * Deadline
             * Format: date-time
             */
            deadline: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Kinds */
            kinds: ("identity_card" | "diploma" | "photo" | "certificate" | "identity_proof" | "work_proof" | "other")[];
            /** Reason */
            reason: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "answered" | "lapsed";
        };
        /**
         * NoticeItemView
         * @description Posts one can sign up for.
         */
        NoticeItemView: {
            /** Category */
            category: string;
            /** Community Title */
            community_title: string;
            /**
             * Community Unit Id
             * Format: uuid
             */
            community_unit_id: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Post Title */
            post_title: string;
            /** Posts */
            posts: number;
        };
        /**
         * NoticeSummary
         * @description A notice in a list.
         */
        NoticeSummary: {
            /**
             * Closes At
             * Format: date-time
             */
            closes_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Opens At
             * Format: date-time
             */
            opens_at: string;
            /**
             * Published At
             * Format: date-time
             */
            published_at: string;
            /** Revision */
            revision: number;
            /** Title */
            title: string;
            /**
             * Unit Id
             * Format: uuid
             */
            unit_id: string;
            /** Version */
            version: number;
        };
        /**
         * NoticeView
         * @description A notice with every revision, newest first, its posts, and what an applicant has to state.
         */
        NoticeView: {
            /**
             * Closes At
             * Format: date-time
             */
            closes_at: string;
            /** Declarations */
            declarations: components["schemas"]["DeclarationView"][];
            exam: components["schemas"]["ExamTermsView"] | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Items */
            items: components["schemas"]["NoticeItemView"][];
            /**
             * Opens At
             * Format: date-time
             */
            opens_at: string;
            /** Pack Id */
            pack_id: string;
            /** Pack Version */
            pack_version: string;
            /**
             * Plan Id
             * Format: uuid
             */
            plan_id: string;
            /**
             * Published At
             * Format: date-time
             */
            published_at: string;
            /** Revision */
            revision: number;
            /** Revisions */
            revisions: components["schemas"]["RevisionView"][];
            /** Title */
            title: string;
            /**
             * Unit Id
             * Format: uuid
             */
            unit_id: string;
            /** Version */
            version: number;
        };
        /**
         * ObjectionView
         * @description An objection (异议) raised while something is public.
         */
        ObjectionView: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "dismissed" | "upheld" | "lapsed";
        };
        /**
         * OfficeBody
         * @description An office: a kind of department at a level above the case's unit.
         */
        OfficeBody: {
            /** Department */
            department: string;
            /** Level */
            level: string;
        };
        /**
         * OrganName
         * @description The organ in both languages.
         */
        OrganName: {
            /** En */
            en: string;
            /** Zh */
            zh: string;
        };
        /** Page[ApplicationSummary] */
        Page_ApplicationSummary_: {
            /** Items */
            items: components["schemas"]["ApplicationSummary"][];
            /** Next */
            next?: string | null;
        };
        /** Page[NoticeSummary] */
        Page_NoticeSummary_: {
            /** Items */
            items: components["schemas"]["NoticeSummary"][];
            /** Next */
            next?: string | null;
        };
        /** Page[PublicHireView] */
        Page_PublicHireView_: {
            /** Items */
            items: components["schemas"]["PublicHireView"][];
            /** Next */
            next?: string | null;
        };
        /** Page[RecordLine] */
        Page_RecordLine_: {
            /** Items */
            items: components["schemas"]["RecordLine"][];
            /** Next */
            next?: string | null;
        };
        /**
         * PlanItemView
         * @description Posts asked for.
         */
        PlanItemView: {
            /** Category */
            category: string;
            /** Community Title */
            community_title: string;
            /**
             * Community Unit Id
             * Format: uuid
             */
            community_unit_id: string;
            /** Community Unit No */
            community_unit_no: number;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Post Title */
            post_title: string;
            /** Posts */
            posts: number;
        };
        /**
         * PlanView
         * @description A plan with its posts. `pack_id` and `pack_version` name the regulation it was begun under.
         *
         *     `seats` is what became of the request to keep the posts, `findings` whether they were free in each community.
         */
        PlanView: {
            /** Case Id */
            case_id: string | null;
            /** Findings */
            findings: {
                [key: string]: unknown;
            }[];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Items */
            items: components["schemas"]["PlanItemView"][];
            /** Level */
            level: string;
            /** Over Reason */
            over_reason: string | null;
            /** Pack Id */
            pack_id: string;
            /** Pack Version */
            pack_version: string;
            /** Publicity Days */
            publicity_days: number | null;
            /** Publicity Unit */
            publicity_unit: ("calendar" | "working") | null;
            /** Relaxed Age Limit */
            relaxed_age_limit: number | null;
            /** Relaxed Education Codes */
            relaxed_education_codes: string[];
            /**
             * Seats
             * @enum {string}
             */
            seats: "none" | "asked" | "held" | "released" | "refused";
            /**
             * State
             * @enum {string}
             */
            state: "draft" | "reserving" | "submitted" | "returned" | "approved" | "rejected" | "refused" | "finished";
            /** Title */
            title: string;
            /**
             * Unit Id
             * Format: uuid
             */
            unit_id: string;
            /** Unit No */
            unit_no: number;
            /** Version */
            version: number;
        };
        /**
         * ProblemDocument
         * @description A problem as RFC 9457 has it, with the rule's article and the findings it rests on.
         */
        ProblemDocument: {
            /**
             * Advice
             * @default null
             */
            advice: string | null;
            /**
             * Article
             * @default null
             */
            article: string | null;
            /**
             * Detail
             * @default null
             */
            detail: string | null;
            /**
             * Errors
             * @default []
             */
            errors: components["schemas"]["ProblemError"][];
            /**
             * Findings
             * @default []
             */
            findings: {
                [key: string]: unknown;
            }[];
            /**
             * Instance
             * @description The request id; name it when asking for help.
             */
            instance: string;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /**
             * Type
             * @example /problems/not-found
             */
            type: string;
        };
        /**
         * ProblemError
         * @description What is wrong with one member (`pointer` is a JSON Pointer).
         */
        ProblemError: {
            /**
             * Article
             * @default null
             */
            article: string | null;
            /** Message */
            message: string;
            /** Pointer */
            pointer: string;
            /**
             * Rule
             * @default null
             */
            rule: string | null;
        };
        /**
         * PublicHireView
         * @description A line of the list that is made public: the masked name, never a number.
         */
        PublicHireView: {
            /** Community Title */
            community_title: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Masked Name */
            masked_name: string;
            /**
             * Notice Id
             * Format: uuid
             */
            notice_id: string;
            /** Post Title */
            post_title: string;
            /**
             * Public From
             * Format: date
             */
            public_from: string;
            /**
             * Public Until
             * Format: date
             */
            public_until: string;
        };
        /**
         * Question
         * @description A question with marks from 0 to `best`.
         */
        Question: {
            /** Best */
            best: number;
            /** Code */
            code: string;
            /** Text */
            text: string;
        };
        /**
         * RecordLine
         * @description A line of the timeline: who acted in which post, under which article, and the state it led to.
         */
        RecordLine: {
            /**
             * Acted At
             * Format: date-time
             */
            acted_at: string;
            /**
             * Action
             * @enum {string}
             */
            action: "submit" | "withdraw" | "remind" | "approve" | "fix" | "recommend" | "determine" | "return" | "reject" | "sign" | "refuse" | "add_signer" | "remove_signer" | "acknowledge" | "question" | "reply" | "guide" | "claim" | "release" | "delegate" | "recuse" | "object" | "handle_objection" | "end_period" | "escalate";
            /** Actor Department */
            actor_department: string | null;
            /** Actor Kind */
            actor_kind: string;
            /** Actor Level */
            actor_level: string | null;
            /** Article */
            article: string | null;
            /** Comment */
            comment: string | null;
            /**
             * Details
             * @description What the action brought with it: to, marks, figures, attachments …
             */
            details: {
                [key: string]: unknown;
            };
            /** Number */
            number: number;
            /** Objection Id */
            objection_id: string | null;
            /** On Behalf Of */
            on_behalf_of: string | null;
            /** Post Id */
            post_id: string | null;
            /**
             * Recorded At
             * Format: date-time
             */
            recorded_at: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "returned" | "approved" | "rejected" | "withdrawn";
            /** Step */
            step: string | null;
            /** Upheld */
            upheld: boolean | null;
            /** User Id */
            user_id: string | null;
        };
        /**
         * FindingView
         * @description One rule's answer: article, quoted words, the facts it read, outcome and computed value (P4).
         */
        recruitment_FindingView: {
            /** Article */
            article: string | null;
            /** Facts */
            facts: {
                [key: string]: unknown;
            };
            message: components["schemas"]["Words"];
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "met" | "not_met" | "needs_judgement" | "relaxed" | "not_regulated";
            /** Remarks */
            remarks?: components["schemas"]["Words"][];
            /** Rule */
            rule: string;
            /** Value */
            value?: unknown;
            /** Words */
            words: string | null;
        };
        /**
         * ResultView
         * @description The findings and what follows from them, under which version of the regulation.
         */
        recruitment_ResultView: {
            /**
             * Application Id
             * Format: uuid
             */
            application_id: string;
            /**
             * Article
             * @description Of the first finding that refuses, if one does.
             */
            article: string | null;
            /** Concluded At */
            concluded_at?: string | null;
            /** Findings */
            findings: components["schemas"]["recruitment_FindingView"][];
            /**
             * Overall
             * @enum {string}
             */
            overall: "qualified" | "not_qualified" | "awaiting";
            /** Pack Id */
            pack_id: string;
            /** Pack Version */
            pack_version: string;
        };
        /**
         * RevisionView
         * @description One published text; the highest number holds.
         */
        RevisionView: {
            /**
             * Age Reference Date
             * Format: date
             */
            age_reference_date: string;
            /** Birth From */
            birth_from: string | null;
            /** Birth Until */
            birth_until: string | null;
            /**
             * Closes At
             * Format: date-time
             */
            closes_at: string;
            /** Conditions */
            conditions: string;
            exam: components["schemas"]["ExamTermsView"] | null;
            /** Materials */
            materials: components["schemas"]["Material"][];
            /** Number */
            number: number;
            /**
             * Opens At
             * Format: date-time
             */
            opens_at: string;
            /**
             * Published At
             * Format: date-time
             */
            published_at: string;
            /** Reason */
            reason: string | null;
            /** Title */
            title: string;
        };
        /**
         * SignerView
         * @description An office asked for its signature (会签, 会同).
         */
        SignerView: {
            /** Acting Unit Id */
            acting_unit_id: string | null;
            /**
             * Added
             * @description Asked by the lead, not by the regulation (加签).
             */
            added: boolean;
            /** Department */
            department: string;
            /** Level */
            level: string;
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "open" | "signed" | "refused" | "removed";
            /** Unstaffed */
            unstaffed: string | null;
        };
        /**
         * StepView
         * @description A step of a case, with the office that acts and the article it rests on.
         */
        StepView: {
            /** Acting Unit Id */
            acting_unit_id: string | null;
            /** Article */
            article: string | null;
            /** Blocks */
            blocks: boolean;
            /**
             * Claimed By
             * @description The user who alone may act while the step is claimed (认领).
             */
            claimed_by: string | null;
            /**
             * Delegate Id
             * @description The user to whom the step was delegated (转办).
             */
            delegate_id: string | null;
            /** Department */
            department: string;
            /** Due On */
            due_on: string | null;
            /**
             * Ends On
             * @description Last day of a publicity (公示), included.
             */
            ends_on: string | null;
            /**
             * Escalated
             * @description Whether it was told of as overdue.
             */
            escalated: boolean;
            /**
             * Figures
             * @description What a `fix` step set (核定).
             */
            figures: {
                [key: string]: number;
            };
            /**
             * Kind
             * @enum {string}
             */
            kind: "approve" | "review" | "fix" | "joint" | "countersign" | "file" | "guide" | "recommend" | "publicize" | "determine" | "notify";
            /** Level */
            level: string;
            /**
             * Met
             * @description What a determination found (认定).
             */
            met: boolean | null;
            /**
             * Mode
             * @description How many signers a countersign needs.
             */
            mode: ("all" | "any" | "ratio" | "in_order") | null;
            /** Objections */
            objections: components["schemas"]["ObjectionView"][];
            /**
             * Questioned
             * @description Whether a filing was questioned and nobody has answered (质询).
             */
            questioned: boolean;
            /**
             * Round
             * @description How many times the step was opened.
             */
            round: number;
            /** Signers */
            signers: components["schemas"]["SignerView"][];
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "open" | "done" | "skipped";
            /** Step */
            step: string;
            /**
             * Unstaffed
             * @description Why no post can act here, if none can.
             */
            unstaffed: string | null;
            /** Words */
            words: string | null;
        };
        /**
         * SurveyForm
         * @description What a resident sees: no more than the questions.
         */
        SurveyForm: {
            /**
             * Closes On
             * Format: date
             */
            closes_on: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Opens On
             * Format: date
             */
            opens_on: string;
            /** Questions */
            questions: components["schemas"]["Question"][];
            /** Title */
            title: string;
        };
        /**
         * TenantView
         * @description The own tenant and the business instant at which it lives.
         */
        TenantView: {
            /**
             * Business Time
             * Format: date-time
             */
            business_time: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Slug */
            slug: string;
            /** Status */
            status: string;
            /** Title */
            title: string;
            /** Version */
            version: number;
        };
        /**
         * TermsView
         * @description The names that the regulation in force gives to what answers name by a code; the code is the key.
         */
        TermsView: {
            /**
             * Departments
             * @description The names that hold today.
             */
            departments: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            /** Facts */
            facts: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            /** Levels */
            levels: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            /** Workflows */
            workflows: {
                [key: string]: components["schemas"]["WorkflowTerms"];
            };
        };
        /**
         * Thanks
         * @description The answer was taken. It names nothing by which it could be found again.
         */
        Thanks: {
            /**
             * State
             * @default received
             * @constant
             */
            state: "received";
        };
        /**
         * UnitView
         * @description A unit and its place in the tree; periods are half-open.
         */
        UnitView: {
            /** Code */
            code: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Last No */
            last_no: number;
            /** Level */
            level: string;
            /** Parent Id */
            parent_id: string | null;
            /** Title */
            title: string;
            /** Unit No */
            unit_no: number;
            /** Valid Before */
            valid_before: string | null;
            /**
             * Valid From
             * Format: date
             */
            valid_from: string;
            /** Version */
            version: number;
        };
        /**
         * Words
         * @description One sentence in both languages.
         */
        Words: {
            /** En */
            en: string;
            /** Zh */
            zh: string;
        };
        /**
         * WorkflowTerms
         * @description What a workflow and its steps are called.
         */
        WorkflowTerms: {
            /** Article */
            article: string | null;
            /** Label */
            label: {
                [key: string]: string;
            };
            /** Steps */
            steps: {
                [key: string]: {
                    [key: string]: string;
                };
            };
        };
        /**
         * WorklistPage
         * @description A page of items; `up_to_date` is false where the position asked for was not reached within a second.
         */
        WorklistPage: {
            /** Items */
            items: components["schemas"]["ItemView"][];
            /** Next */
            next: string | null;
            /** Up To Date */
            up_to_date: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    directory_list_posts: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gateway_Page_PostView_"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    directory_get_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    directory_get_unit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                unit_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_explain_eligibility: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EligibilityView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_read_hire: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hire_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HireView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_list_my_applications: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ApplicationSummary_"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_read_my_application: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_list_my_documents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentsView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_read_my_eligibility: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["recruitment_ResultView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_withdraw_my_application: {
        parameters: {
            query?: never;
            header: {
                /** @description A new value for each thing to be made; the same value repeats the same request. */
                "Idempotency-Key": string;
            };
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_read_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plan_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    regulation_get_article: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArticleView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    regulation_get_terms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TermsView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    roster_get_approval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    roster_get_allowed_actions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllowedActions"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    roster_decide_approval: {
        parameters: {
            query?: never;
            header: {
                /** @description A new value for each thing to be made; the same value repeats the same request. */
                "Idempotency-Key": string;
            };
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    roster_list_case_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseFiles"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    roster_attach_file: {
        parameters: {
            query?: never;
            header: {
                /** @description A new value for each thing to be made; the same value repeats the same request. */
                "Idempotency-Key": string;
            };
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/pdf": string;
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document": string;
                "image/jpeg": string;
                "image/png": string;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseFileView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    roster_download_case_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    roster_get_approval_timeline: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RecordLine_"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    roster_decide_approvals: {
        parameters: {
            query?: never;
            header: {
                /** @description A new value for each thing to be made; the same value repeats the same request. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResults"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    worklist_count_items: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Counts"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    worklist_list_items: {
        parameters: {
            query?: {
                claimed?: boolean | null;
                cursor?: string | null;
                limit?: number;
                overdue?: boolean;
                service?: string | null;
                whose?: "mine" | "escalated" | "unstaffed";
                workflow?: string | null;
            };
            header?: {
                /** @description The position a decision answered with: the list waits for it. */
                "Shegong-Position"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorklistPage"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    assessment_answer_survey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                survey_id: string;
                /** @description The tenant's name in addresses. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Answer"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thanks"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    assessment_read_survey_form: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                survey_id: string;
                /** @description The tenant's name in addresses. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurveyForm"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_list_notices: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The tenant's name in addresses. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NoticeSummary_"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_read_notice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                notice_id: string;
                /** @description The tenant's name in addresses. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeView"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    recruitment_list_public_hires: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
                notice_id?: string | null;
            };
            header?: never;
            path: {
                /** @description The tenant's name in addresses. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PublicHireView_"];
                };
            };
            /** @description Problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
}
