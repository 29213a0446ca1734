export interface paths {
    "/api/v1/actions/customers/send-statement/execute/{customer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send statement
         * @description Sums up all orders of a customer.
         */
        post: operations["execute__customers__send_statement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/customers/send-statement/preview/{customer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview: Send statement
         * @description Sums up all orders of a customer.
         *
         *     Says what the call would answer and change now. Nothing is kept.
         */
        post: operations["preview__customers__send_statement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/customers/send-statement/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bulk: Send statement
         * @description Sums up all orders of a customer.
         *
         *     Does it to many subjects: up to 10000, or 100000 with `async` in another mode than `atomic`.
         */
        post: operations["bulk__customers__send_statement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/customers/send-statement/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schema: Send statement
         * @description Sums up all orders of a customer.
         *
         *     All that a client must know to call it.
         */
        get: operations["describe__customers__send_statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/approve-order/execute/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve order
         * @description Lets an order ship. It keeps the name of whoever approved it, and the reason if there is one.
         */
        post: operations["execute__orders__approve_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/approve-order/preview/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview: Approve order
         * @description Lets an order ship. It keeps the name of whoever approved it, and the reason if there is one.
         *
         *     Says what the call would answer and change now. Nothing is kept.
         */
        post: operations["preview__orders__approve_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/approve-order/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bulk: Approve order
         * @description Lets an order ship. It keeps the name of whoever approved it, and the reason if there is one.
         *
         *     Does it to many subjects: up to 10000, or 100000 with `async` in another mode than `atomic`.
         */
        post: operations["bulk__orders__approve_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/approve-order/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schema: Approve order
         * @description Lets an order ship. It keeps the name of whoever approved it, and the reason if there is one.
         *
         *     All that a client must know to call it.
         */
        get: operations["describe__orders__approve_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/cancel-order/execute/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel order
         * @description Removes an order that has not shipped. This cannot be taken back.
         */
        post: operations["execute__orders__cancel_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/cancel-order/preview/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview: Cancel order
         * @description Removes an order that has not shipped. This cannot be taken back.
         *
         *     Says what the call would answer and change now. Nothing is kept.
         */
        post: operations["preview__orders__cancel_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/cancel-order/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bulk: Cancel order
         * @description Removes an order that has not shipped. This cannot be taken back.
         *
         *     Does it to many subjects: up to 10000, or 100000 with `async` in another mode than `atomic`.
         */
        post: operations["bulk__orders__cancel_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/cancel-order/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schema: Cancel order
         * @description Removes an order that has not shipped. This cannot be taken back.
         *
         *     All that a client must know to call it.
         */
        get: operations["describe__orders__cancel_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/create-order/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create order
         * @description Takes a customer's order, at today's prices. It ships to the customer's own address.
         */
        post: operations["execute__orders__create_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/create-order/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview: Create order
         * @description Takes a customer's order, at today's prices. It ships to the customer's own address.
         *
         *     Says what the call would answer and change now. Nothing is kept.
         */
        post: operations["preview__orders__create_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/create-order/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schema: Create order
         * @description Takes a customer's order, at today's prices. It ships to the customer's own address.
         *
         *     All that a client must know to call it.
         */
        get: operations["describe__orders__create_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/fulfil-order/execute/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fulfil order
         * @description Approves the order if need be, reserves its stock, waits until it is picked (or for 7 days), ships it and tells the customer.
         */
        post: operations["execute__orders__fulfil_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/fulfil-order/preview/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview: Fulfil order
         * @description Approves the order if need be, reserves its stock, waits until it is picked (or for 7 days), ships it and tells the customer.
         *
         *     Says what the call would answer and change now. Nothing is kept.
         */
        post: operations["preview__orders__fulfil_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/fulfil-order/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bulk: Fulfil order
         * @description Approves the order if need be, reserves its stock, waits until it is picked (or for 7 days), ships it and tells the customer.
         *
         *     Does it to many subjects: up to 10000, or 100000 with `async` in another mode than `atomic`.
         */
        post: operations["bulk__orders__fulfil_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/fulfil-order/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schema: Fulfil order
         * @description Approves the order if need be, reserves its stock, waits until it is picked (or for 7 days), ships it and tells the customer.
         *
         *     All that a client must know to call it.
         */
        get: operations["describe__orders__fulfil_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/ship-order/execute/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ship order
         * @description Hands an approved order to a shipper and takes what was ordered out of stock.
         */
        post: operations["execute__orders__ship_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/ship-order/preview/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview: Ship order
         * @description Hands an approved order to a shipper and takes what was ordered out of stock.
         *
         *     Says what the call would answer and change now. Nothing is kept.
         */
        post: operations["preview__orders__ship_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/ship-order/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bulk: Ship order
         * @description Hands an approved order to a shipper and takes what was ordered out of stock.
         *
         *     Does it to many subjects: up to 10000, or 100000 with `async` in another mode than `atomic`.
         */
        post: operations["bulk__orders__ship_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/orders/ship-order/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schema: Ship order
         * @description Hands an approved order to a shipper and takes what was ordered out of stock.
         *
         *     All that a client must know to call it.
         */
        get: operations["describe__orders__ship_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/products/restock/execute/{product}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restock product
         * @description Adds goods that came in to a product's stock.
         */
        post: operations["execute__products__restock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/products/restock/preview/{product}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview: Restock product
         * @description Adds goods that came in to a product's stock.
         *
         *     Says what the call would answer and change now. Nothing is kept.
         */
        post: operations["preview__products__restock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/products/restock/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bulk: Restock product
         * @description Adds goods that came in to a product's stock.
         *
         *     Does it to many subjects: up to 10000, or 100000 with `async` in another mode than `atomic`.
         */
        post: operations["bulk__products__restock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/products/restock/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schema: Restock product
         * @description Adds goods that came in to a product's stock.
         *
         *     All that a client must know to call it.
         */
        get: operations["describe__products__restock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/reports/sales-by-country/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sales by country
         * @description Sums up all orders by the country of the customer, the largest first.
         */
        post: operations["execute__reports__sales_by_country"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/reports/sales-by-country/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview: Sales by country
         * @description Sums up all orders by the country of the customer, the largest first.
         *
         *     Says what the call would answer and change now. Nothing is kept.
         */
        post: operations["preview__reports__sales_by_country"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/reports/sales-by-country/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schema: Sales by country
         * @description Sums up all orders by the country of the customer, the largest first.
         *
         *     All that a client must know to call it.
         */
        get: operations["describe__reports__sales_by_country"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/shipments/confirm-delivery/execute/{shipment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm delivery
         * @description Notes the day on which a shipment arrived.
         */
        post: operations["execute__shipments__confirm_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/shipments/confirm-delivery/preview/{shipment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview: Confirm delivery
         * @description Notes the day on which a shipment arrived.
         *
         *     Says what the call would answer and change now. Nothing is kept.
         */
        post: operations["preview__shipments__confirm_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/shipments/confirm-delivery/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bulk: Confirm delivery
         * @description Notes the day on which a shipment arrived.
         *
         *     Does it to many subjects: up to 10000, or 100000 with `async` in another mode than `atomic`.
         */
        post: operations["bulk__shipments__confirm_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions/shipments/confirm-delivery/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schema: Confirm delivery
         * @description Notes the day on which a shipment arrived.
         *
         *     All that a client must know to call it.
         */
        get: operations["describe__shipments__confirm_delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description This document.
         */
        get: operations["read_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All actions, in the order of their keys
         * @description All actions, in the order of their keys.
         */
        get: operations["list_actions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The classes of subjects that this identity may read
         * @description The classes of subjects that this identity may read.
         */
        get: operations["list_subject_classes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what: a page, or all that comes from now on
         * @description Who did what: a page, or all that comes from now on.
         */
        get: operations["read_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The workflows that this identity may see, newest first
         * @description The workflows that this identity may see, newest first.
         */
        get: operations["list_workflows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A workflow as it is now, or all that becomes of it
         * @description A workflow as it is now, or all that becomes of it.
         */
        get: operations["read_workflow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of each subject of a bulk call that is a workflow
         * @description What became of each subject of a bulk call that is a workflow.
         */
        get: operations["read_workflow_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks a workflow to end, undoing what it did
         * @description Asks a workflow to end, undoing what it did.
         */
        post: operations["cancel_workflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{id}/signal/{signal}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hands a workflow what it waits for
         * @description Hands a workflow what it waits for.
         */
        post: operations["signal_workflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/northwind.Order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Subjects of the class Order
         * @description Subjects of the class Order.
         */
        get: operations["list__northwind_Order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/northwind.Order/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One Order, and what could be done with it
         * @description One Order, and what could be done with it.
         */
        get: operations["read__northwind_Order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/northwind.Product": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Subjects of the class Product
         * @description Subjects of the class Product.
         */
        get: operations["list__northwind_Product"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/northwind.Product/{product}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One Product, and what could be done with it
         * @description One Product, and what could be done with it.
         */
        get: operations["read__northwind_Product"];
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
        ActionSchema: {
            key: string;
            label: string;
            description: string;
            /** @enum {string} */
            effect: "read" | "write" | "destructive";
            subject?: {
                /** @constant */
                required: true;
                param: string;
                class: string;
                url_pattern: string;
            };
            /** @description JSON Schema 2020-12 of the body. */
            parameters: Record<string, never>;
            returns: string[];
            /** @description JSON Schema of the data of a success, where it is declared. */
            result?: Record<string, never>;
            /** @description The errors of its own that it declares. */
            errors?: {
                code: string;
                /** @description JSON Schema of its details; null: it has none. */
                details: Record<string, never> | null;
                retry: boolean;
            }[];
            examples?: {
                label: string;
                params: Record<string, never>;
                subject?: components["schemas"]["SubjectId"];
            }[];
            bulk: {
                url: string;
                max_ids: number;
                modes: string[];
            } | null;
            idempotency: {
                retention_seconds: number;
            };
        } & {
            [key: string]: unknown;
        };
        ActionSummary: {
            key: string;
            label: string;
            description: string;
            /** @enum {string} */
            effect: "read" | "write" | "destructive";
            subject?: {
                /** @constant */
                required: true;
                param: string;
                class: string;
                url_pattern: string;
            };
        };
        AuditEntry: {
            id: string;
            /** Format: date-time */
            when: string;
            request_id: string | null;
            identity: {
                kind: string;
                id: string;
                name: string;
                issuer: string;
            } & {
                [key: string]: unknown;
            };
            /** @description How the call came, where that is known. */
            via?: string;
            /** @description The app that a user acted through. */
            client_id?: string;
            action: string;
            subject: {
                class: string;
                id: string;
            } | null;
            params: Record<string, never> | null;
            outcome: {
                success: boolean;
                message?: string;
                code?: string;
                workflow_id?: string;
            } & {
                [key: string]: unknown;
            };
            changes: components["schemas"]["Change"][];
        } & {
            [key: string]: unknown;
        };
        BulkAnswer: {
            success: boolean;
            /** @enum {string} */
            outcome: "success" | "partial" | "failed";
            message: string;
            total: number;
            succeeded: number;
            failed: number;
            skipped: number;
            results: components["schemas"]["BulkItem"][];
        };
        BulkDone: {
            index: number;
            /** @description As it was sent. */
            id: string | number;
            /** @constant */
            success: true;
            /** @constant */
            status: 200;
            message?: string;
            data?: components["schemas"]["Data"];
            workflow_id?: string;
            changes?: components["schemas"]["Change"][];
            /** @constant */
            replayed?: true;
        };
        BulkFailed: {
            index: number;
            /** @description As it was sent. */
            id: string | number;
            /** @constant */
            success: false;
            status: number;
            message: string;
            code?: string;
            errors?: {
                [key: string]: string[];
            };
            details?: unknown;
            /** @constant */
            replayed?: true;
        };
        BulkItem: components["schemas"]["BulkDone"] | components["schemas"]["BulkFailed"] | components["schemas"]["BulkSkipped"];
        /** @description It had no effect, because another item failed. */
        BulkSkipped: {
            index: number;
            /** @description As it was sent. */
            id: string | number;
            /** @constant */
            success: false;
            /** @constant */
            skipped: true;
        };
        BulkSummary: {
            success: boolean;
            /** @enum {string} */
            outcome: "success" | "partial" | "failed";
            message: string;
            total: number;
            succeeded: number;
            failed: number;
            skipped: number;
        };
        /** @description What became of one subject. */
        Change: {
            /** @description The subject's class. */
            class: string;
            id: string | number;
            /** @enum {string} */
            change: "create" | "update" | "delete";
            /** @description Absent when it is created. */
            before?: Record<string, never>;
            /** @description Absent when it is deleted. */
            after?: Record<string, never>;
        };
        Conflict: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "conflict";
        };
        /** @description The result. That of a subject begins with `id` and `title`, what people call it; then come its public fields. */
        Data: {
            id?: unknown;
            title?: unknown;
        } & {
            [key: string]: unknown;
        };
        Done: {
            /** @constant */
            success: true;
        };
        DonePreview: {
            /** @constant */
            success: true;
            /** @description What would change, of what this identity may see. */
            changes: components["schemas"]["Change"][];
        };
        /** @description Any failure that is not an action's own. */
        Failure: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @enum {string} */
            code: "conflict" | "forbidden" | "idempotency_key_reused" | "internal_error" | "invalid_params" | "malformed_request" | "method_not_allowed" | "not_found" | "payload_too_large" | "precondition_failed" | "subject_not_accepted" | "subject_not_found" | "subject_required" | "too_many_requests" | "unauthenticated" | "unavailable" | "unknown_action" | "unsupported_media_type";
            /** @description What is wrong with which field, nested fields as `lines.0.quantity`. */
            errors?: {
                [key: string]: string[];
            };
        };
        Forbidden: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "forbidden";
        };
        IdempotencyKeyReused: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "idempotency_key_reused";
        };
        InternalError: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "internal_error";
        };
        InvalidParams: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "invalid_params";
            /** @description What is wrong with which field, nested fields as `lines.0.quantity`. */
            errors: {
                [key: string]: string[];
            };
        };
        MalformedRequest: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "malformed_request";
        };
        MethodNotAllowed: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "method_not_allowed";
        };
        NotFound: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "not_found";
        };
        PayloadTooLarge: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "payload_too_large";
        };
        PreconditionFailed: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "precondition_failed";
        };
        /** @description A failure as problem details (RFC 9457), for clients whose `Accept` prefers those. */
        Problem: {
            /**
             * Format: uri-reference
             * @description A URL of the code; `about:blank` without one.
             */
            type: string;
            /** @description The same for all failures of that type. */
            title: string;
            status: number;
            /** @description A sentence for a person. */
            detail: string;
            /**
             * Format: uri
             * @description The X-Request-Id, as a URN.
             */
            instance: string;
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @description Of the failure, or the action's own. */
            code?: string;
            /** @description What is wrong with which field, nested fields as `lines.0.quantity`. */
            errors?: {
                [key: string]: string[];
            };
            /** @description What programs may want to know. */
            details?: unknown;
        };
        /** @description The action said no. */
        Refusal: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @description The action's own code, if it has one. */
            code?: string;
            /** @description What programs may want to know. */
            details?: unknown;
        };
        Said: {
            /** @constant */
            success: true;
            /** @description What was done, in a sentence for a person. */
            message: string;
        };
        SaidPreview: {
            /** @constant */
            success: true;
            /** @description What was done, in a sentence for a person. */
            message: string;
            /** @description What would change, of what this identity may see. */
            changes: components["schemas"]["Change"][];
        };
        Started: {
            /** @constant */
            success: true;
            /** @description Names the work that goes on: `/api/v1/workflows/{id}`. */
            workflow_id: string;
        };
        StartedPreview: {
            /** @constant */
            success: true;
            /** @description Names the work that goes on: `/api/v1/workflows/{id}`. */
            workflow_id: string;
            /** @description What would change, of what this identity may see. */
            changes: components["schemas"]["Change"][];
        };
        SubjectClass: {
            class: string;
            label: string;
            param: string;
            /** @description JSON Schema of an ID. */
            id: Record<string, never>;
            /** @description JSON Schema of each public field. */
            fields: Record<string, never>;
            /** @description The keys of the actions on it. */
            actions: string[];
        };
        SubjectId: string | number;
        SubjectNotAccepted: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "subject_not_accepted";
        };
        SubjectNotFound: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "subject_not_found";
        };
        SubjectRequired: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "subject_required";
        };
        TooManyRequests: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "too_many_requests";
        };
        Unauthenticated: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "unauthenticated";
        };
        Unavailable: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "unavailable";
        };
        UnknownAction: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "unknown_action";
        };
        UnsupportedMediaType: {
            /** @constant */
            success: false;
            /** @description A sentence for a person. */
            message: string;
            /** @constant */
            code: "unsupported_media_type";
        };
        WorkflowAnswer: {
            /** @constant */
            success: true;
            id: string;
            name: string;
            action: string;
            subject: {
                class: string;
                id: string;
            } | null;
            /** @enum {string} */
            status: "created" | "pending" | "running" | "waiting" | "completed" | "failed" | "continued" | "cancelled";
            progress: {
                done: number;
                total: number;
            } | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description When it is worth asking again, in milliseconds; null: never. */
            poll_after_ms: number | null;
            /** @description When completed: what came of it. */
            result?: unknown;
            /** @description When failed or cancelled: why. */
            error?: string;
        };
        WorkflowRun: {
            id: string;
            name: string;
            action: string;
            subject: {
                class: string;
                id: string;
            } | null;
            /** @enum {string} */
            status: "created" | "pending" | "running" | "waiting" | "completed" | "failed" | "continued" | "cancelled";
            progress: {
                done: number;
                total: number;
            } | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description When it is worth asking again, in milliseconds; null: never. */
            poll_after_ms: number | null;
            /** @description When completed: what came of it. */
            result?: unknown;
            /** @description When failed or cancelled: why. */
            error?: string;
        };
        data__orders__approve_order: {
            id: number;
            title: string;
            customer: string;
            employee: string | null;
            /** Format: date */
            ordered_at: string;
            required_at: string | null;
            shipped_at: string | null;
            shipper: string | null;
            freight: number;
            ship_name: string;
            ship_city: string;
            ship_country: string;
            lines: {
                product: number;
                unit_price: number;
                quantity: number;
                discount: number;
            }[];
            notes: string | null;
            approved_at: string | null;
            approved_by: string | null;
            approval_reason: string | null;
        };
        data__orders__create_order: {
            id: number;
            title: string;
            customer: string;
            employee: string | null;
            /** Format: date */
            ordered_at: string;
            required_at: string | null;
            shipped_at: string | null;
            shipper: string | null;
            freight: number;
            ship_name: string;
            ship_city: string;
            ship_country: string;
            lines: {
                product: number;
                unit_price: number;
                quantity: number;
                discount: number;
            }[];
            notes: string | null;
            approved_at: string | null;
            approved_by: string | null;
            approval_reason: string | null;
        };
        data__orders__ship_order: {
            id: string;
            title: string;
            order: number;
            shipper: string;
            /** Format: date */
            shipped_at: string;
            delivered_at: string | null;
        };
        data__products__restock: {
            id: number;
            title: string;
            name: string;
            category: string;
            quantity_per_unit: string;
            unit_price: number;
            units_in_stock: number;
            units_on_order: number;
            reorder_level: number;
            discontinued: boolean;
        };
        data__reports__sales_by_country: {
            id: string;
            title: string;
            total: number;
            countries: {
                country: string;
                orders: number;
                total: number;
            }[];
        };
        params__customers__send_statement: Record<string, never>;
        params__orders__approve_order: {
            /** @description Why the order may ship. */
            reason?: string;
        };
        params__orders__cancel_order: {
            /** @description Why the order is cancelled; kept in the audit trail. */
            reason: string;
        };
        params__orders__create_order: {
            /** @description The customer's five letters. */
            customer: string & unknown;
            /**
             * Format: date
             * @description The day of the order.
             */
            ordered_at: string;
            /**
             * Format: date
             * @description The day by which the customer needs it; not before the day of the order.
             */
            required_at?: string;
            /** @description Anything to remember about it. */
            notes?: string | null;
            /** @description What is ordered; each product once. */
            lines?: {
                /** @description The product's number. */
                product: number | string;
                /** @description How many units. */
                quantity: number;
                /**
                 * @description The share of the price that is let off: 0.15 is 15 percent.
                 * @default 0
                 */
                discount: number;
            }[];
        };
        params__orders__fulfil_order: {
            /**
             * @description Who carries it.
             * @default Speedy Express
             * @enum {string}
             */
            shipper: "Federal Shipping" | "Speedy Express" | "United Package";
        };
        params__orders__ship_order: {
            /**
             * @description Who carries it.
             * @enum {string}
             */
            shipper: "Federal Shipping" | "Speedy Express" | "United Package";
            /**
             * Format: date
             * @description The day it left; today unless given.
             */
            shipped_at?: string;
        };
        params__products__restock: {
            /** @description How many units came in. */
            quantity: number;
        };
        params__reports__sales_by_country: {
            /** @description Only this country, in whatever case; all unless given. */
            country?: string;
        };
        params__shipments__confirm_delivery: {
            /**
             * Format: date
             * @description The day it arrived; not before the day it left.
             */
            delivered_at: string;
        };
        /** @description A northwind.Order, as clients see it. */
        "subject__northwind.Order": {
            id: number | string;
            /** @description What people call it. */
            title: string;
            customer?: string;
            employee?: string | null;
            /** Format: date */
            ordered_at?: string;
            required_at?: string | null;
            shipped_at?: string | null;
            shipper?: string | null;
            freight?: number;
            ship_name?: string;
            ship_city?: string;
            ship_country?: string;
            lines?: {
                product: number;
                unit_price: number;
                quantity: number;
                discount: number;
            }[];
            notes?: string | null;
            approved_at?: string | null;
            approved_by?: string | null;
            approval_reason?: string | null;
        };
        /** @description A northwind.Product, as clients see it. */
        "subject__northwind.Product": {
            id: number | string;
            /** @description What people call it. */
            title: string;
            name?: string;
            category?: string;
            quantity_per_unit?: string;
            unit_price?: number;
            units_in_stock?: number;
            units_on_order?: number;
            reorder_level?: number;
            discontinued?: boolean;
        };
    };
    responses: {
        /** @description One action in full. */
        ActionSchema: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ActionSchema"];
            };
        };
        /** @description What became of each subject; or the workflow that works on them. */
        BulkAnswer: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["BulkAnswer"] | components["schemas"]["Started"];
                "application/x-ndjson": string;
            };
        };
        /** @description Somebody else changed it meanwhile, or it has ended. Nothing took effect. */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Conflict"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It was done. */
        Done: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Done"];
            };
        };
        /** @description What it would answer and change. */
        DonePreview: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["DonePreview"];
            };
        };
        /** @description This identity may not do it. */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Forbidden"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Something unforeseen; the log has it under the request ID. */
        InternalError: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["InternalError"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The parameters are not valid. */
        Invalid: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["InvalidParams"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is no JSON object in UTF-8, or can be read in two ways. */
        MalformedRequest: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["MalformedRequest"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Another method is meant. */
        MethodNotAllowed: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                Allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["MethodNotAllowed"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such action (any more). */
        NoSuchAction: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["UnknownAction"] | components["schemas"]["NotFound"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such subject, or none that this identity may see; or no such action (any more). */
        NoSuchSubject: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SubjectNotFound"] | components["schemas"]["UnknownAction"] | components["schemas"]["NotFound"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is nothing here, or nothing that this identity may see. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["NotFound"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description HTTP itself has something against the request: 408, 417, 431, 501 or 505. */
        NotHttp: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["MalformedRequest"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body, or what would have to be stored, is too large. */
        PayloadTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["PayloadTooLarge"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description What the preview saw whose ETag came as If-Match is no longer so. Nothing took effect. */
        PreconditionFailed: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["PreconditionFailed"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The action said no, or the call is not valid. */
        Refused: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Refusal"] | components["schemas"]["InvalidParams"] | components["schemas"]["SubjectRequired"] | components["schemas"]["SubjectNotAccepted"] | components["schemas"]["IdempotencyKeyReused"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It was done. */
        Said: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Said"];
            };
        };
        /** @description What it would answer and change. */
        SaidPreview: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SaidPreview"];
            };
        };
        /** @description It was done. */
        Started: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Started"];
            };
        };
        /** @description What it would answer and change. */
        StartedPreview: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["StartedPreview"];
            };
        };
        /** @description A quota of this identity or address is used up. */
        TooManyRequests: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["TooManyRequests"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No token came, or one that opens nothing (any more). */
        Unauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Unauthenticated"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Shutting down, overloaded, or too slow. Nothing took effect. */
        Unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Unavailable"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not `application/json`, or is encoded. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["UnsupportedMediaType"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The workflow as it is now. */
        WorkflowAnswer: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["WorkflowAnswer"];
            };
        };
    };
    parameters: {
        /** @description The `next` of the page before. */
        After: string;
        /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
        IdempotencyKey: string;
        /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
        IfMatch: string;
        /** @description How many at most. */
        Limit: number;
        /** @description The workflow's ID, as the answer that started it gave it. */
        WorkflowId: string;
        /** @description Names the request in the log; comes back with the answer. */
        XRequestId: string;
        /** @description The ID of a northwind.Customer. */
        "id__northwind.Customer": string & unknown;
        /** @description The ID of a northwind.Order. */
        "id__northwind.Order": number | string;
        /** @description The ID of a northwind.Product. */
        "id__northwind.Product": number | string;
        /** @description The ID of a northwind.Shipment. */
        "id__northwind.Shipment": string;
    };
    requestBodies: never;
    headers: {
        /** @description The methods that are allowed here. */
        Allow: string;
        /** @description Stands for all that the preview saw, for an `If-Match` of the call itself. */
        ETag: string;
        /** @description There when this is the answer that an earlier call with the same Idempotency-Key was given; nothing ran. */
        IdempotencyReplayed: "true";
        /** @description Seconds after which it is worth trying again. */
        RetryAfter: number;
        /** @description What kind of token opens this, and what was wrong with the one that came (RFC 6750, RFC 9728). */
        WwwAuthenticate: string;
        /** @description Names the request in the log: the one that was sent, if it was well-formed. */
        XRequestId: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    execute__customers__send_statement: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Customer. */
                customer: components["parameters"]["id__northwind.Customer"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["params__customers__send_statement"];
            };
        };
        responses: {
            200: components["responses"]["Said"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    preview__customers__send_statement: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Customer. */
                customer: components["parameters"]["id__northwind.Customer"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["params__customers__send_statement"];
            };
        };
        responses: {
            200: components["responses"]["SaidPreview"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    bulk__customers__send_statement: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description IDs of subjects, none twice. */
                    ids: components["schemas"]["SubjectId"][];
                    params?: components["schemas"]["params__customers__send_statement"];
                    /**
                     * @default each
                     * @enum {string}
                     */
                    mode?: "each" | "stop" | "atomic";
                    /**
                     * @description Nothing is kept, and each result says what would change.
                     * @default false
                     */
                    preview?: boolean;
                    /**
                     * @description The answer is a workflow that works on them.
                     * @default false
                     */
                    async?: boolean;
                };
            };
        };
        responses: {
            200: components["responses"]["BulkAnswer"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    describe__customers__send_statement: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActionSchema"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    execute__orders__approve_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Order. */
                order: components["parameters"]["id__northwind.Order"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["params__orders__approve_order"];
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__orders__approve_order"];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    preview__orders__approve_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Order. */
                order: components["parameters"]["id__northwind.Order"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["params__orders__approve_order"];
            };
        };
        responses: {
            /** @description What it would answer and change. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__orders__approve_order"];
                        /** @description What would change, of what this identity may see. */
                        changes: components["schemas"]["Change"][];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    bulk__orders__approve_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description IDs of subjects, none twice. */
                    ids: components["schemas"]["SubjectId"][];
                    params?: components["schemas"]["params__orders__approve_order"];
                    /**
                     * @default each
                     * @enum {string}
                     */
                    mode?: "each" | "stop" | "atomic";
                    /**
                     * @description Nothing is kept, and each result says what would change.
                     * @default false
                     */
                    preview?: boolean;
                    /**
                     * @description The answer is a workflow that works on them.
                     * @default false
                     */
                    async?: boolean;
                };
            };
        };
        responses: {
            /** @description What became of each subject; or the workflow that works on them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        success: boolean;
                        /** @enum {string} */
                        outcome: "success" | "partial" | "failed";
                        message: string;
                        total: number;
                        succeeded: number;
                        failed: number;
                        skipped: number;
                        results: ({
                            index: number;
                            /** @description As it was sent. */
                            id: string | number;
                            /** @constant */
                            success: true;
                            /** @constant */
                            status: 200;
                            message?: string;
                            data?: components["schemas"]["data__orders__approve_order"];
                            workflow_id?: string;
                            changes?: components["schemas"]["Change"][];
                            /** @constant */
                            replayed?: true;
                        } | components["schemas"]["BulkFailed"] | components["schemas"]["BulkSkipped"])[];
                    } | components["schemas"]["Started"];
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    describe__orders__approve_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActionSchema"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    execute__orders__cancel_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Order. */
                order: components["parameters"]["id__northwind.Order"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__orders__cancel_order"];
            };
        };
        responses: {
            200: components["responses"]["Done"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    preview__orders__cancel_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Order. */
                order: components["parameters"]["id__northwind.Order"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__orders__cancel_order"];
            };
        };
        responses: {
            200: components["responses"]["DonePreview"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    bulk__orders__cancel_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description IDs of subjects, none twice. */
                    ids: components["schemas"]["SubjectId"][];
                    params: components["schemas"]["params__orders__cancel_order"];
                    /**
                     * @default each
                     * @enum {string}
                     */
                    mode?: "each" | "stop" | "atomic";
                    /**
                     * @description Nothing is kept, and each result says what would change.
                     * @default false
                     */
                    preview?: boolean;
                    /**
                     * @description The answer is a workflow that works on them.
                     * @default false
                     */
                    async?: boolean;
                };
            };
        };
        responses: {
            200: components["responses"]["BulkAnswer"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    describe__orders__cancel_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActionSchema"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    execute__orders__create_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__orders__create_order"];
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__orders__create_order"];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    preview__orders__create_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__orders__create_order"];
            };
        };
        responses: {
            /** @description What it would answer and change. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__orders__create_order"];
                        /** @description What would change, of what this identity may see. */
                        changes: components["schemas"]["Change"][];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    describe__orders__create_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActionSchema"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    execute__orders__fulfil_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Order. */
                order: components["parameters"]["id__northwind.Order"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["params__orders__fulfil_order"];
            };
        };
        responses: {
            200: components["responses"]["Started"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    preview__orders__fulfil_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Order. */
                order: components["parameters"]["id__northwind.Order"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["params__orders__fulfil_order"];
            };
        };
        responses: {
            200: components["responses"]["StartedPreview"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    bulk__orders__fulfil_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description IDs of subjects, none twice. */
                    ids: components["schemas"]["SubjectId"][];
                    params?: components["schemas"]["params__orders__fulfil_order"];
                    /**
                     * @default each
                     * @enum {string}
                     */
                    mode?: "each" | "stop" | "atomic";
                    /**
                     * @description Nothing is kept, and each result says what would change.
                     * @default false
                     */
                    preview?: boolean;
                    /**
                     * @description The answer is a workflow that works on them.
                     * @default false
                     */
                    async?: boolean;
                };
            };
        };
        responses: {
            200: components["responses"]["BulkAnswer"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    describe__orders__fulfil_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActionSchema"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    execute__orders__ship_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Order. */
                order: components["parameters"]["id__northwind.Order"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__orders__ship_order"];
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__orders__ship_order"];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    preview__orders__ship_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Order. */
                order: components["parameters"]["id__northwind.Order"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__orders__ship_order"];
            };
        };
        responses: {
            /** @description What it would answer and change. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__orders__ship_order"];
                        /** @description What would change, of what this identity may see. */
                        changes: components["schemas"]["Change"][];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    bulk__orders__ship_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description IDs of subjects, none twice. */
                    ids: components["schemas"]["SubjectId"][];
                    params: components["schemas"]["params__orders__ship_order"];
                    /**
                     * @default each
                     * @enum {string}
                     */
                    mode?: "each" | "stop" | "atomic";
                    /**
                     * @description Nothing is kept, and each result says what would change.
                     * @default false
                     */
                    preview?: boolean;
                    /**
                     * @description The answer is a workflow that works on them.
                     * @default false
                     */
                    async?: boolean;
                };
            };
        };
        responses: {
            /** @description What became of each subject; or the workflow that works on them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        success: boolean;
                        /** @enum {string} */
                        outcome: "success" | "partial" | "failed";
                        message: string;
                        total: number;
                        succeeded: number;
                        failed: number;
                        skipped: number;
                        results: ({
                            index: number;
                            /** @description As it was sent. */
                            id: string | number;
                            /** @constant */
                            success: true;
                            /** @constant */
                            status: 200;
                            message?: string;
                            data?: components["schemas"]["data__orders__ship_order"];
                            workflow_id?: string;
                            changes?: components["schemas"]["Change"][];
                            /** @constant */
                            replayed?: true;
                        } | components["schemas"]["BulkFailed"] | components["schemas"]["BulkSkipped"])[];
                    } | components["schemas"]["Started"];
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    describe__orders__ship_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActionSchema"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    execute__products__restock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Product. */
                product: components["parameters"]["id__northwind.Product"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__products__restock"];
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__products__restock"];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    preview__products__restock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Product. */
                product: components["parameters"]["id__northwind.Product"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__products__restock"];
            };
        };
        responses: {
            /** @description What it would answer and change. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__products__restock"];
                        /** @description What would change, of what this identity may see. */
                        changes: components["schemas"]["Change"][];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    bulk__products__restock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description IDs of subjects, none twice. */
                    ids: components["schemas"]["SubjectId"][];
                    params: components["schemas"]["params__products__restock"];
                    /**
                     * @default each
                     * @enum {string}
                     */
                    mode?: "each" | "stop" | "atomic";
                    /**
                     * @description Nothing is kept, and each result says what would change.
                     * @default false
                     */
                    preview?: boolean;
                    /**
                     * @description The answer is a workflow that works on them.
                     * @default false
                     */
                    async?: boolean;
                };
            };
        };
        responses: {
            /** @description What became of each subject; or the workflow that works on them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        success: boolean;
                        /** @enum {string} */
                        outcome: "success" | "partial" | "failed";
                        message: string;
                        total: number;
                        succeeded: number;
                        failed: number;
                        skipped: number;
                        results: ({
                            index: number;
                            /** @description As it was sent. */
                            id: string | number;
                            /** @constant */
                            success: true;
                            /** @constant */
                            status: 200;
                            message?: string;
                            data?: components["schemas"]["data__products__restock"];
                            workflow_id?: string;
                            changes?: components["schemas"]["Change"][];
                            /** @constant */
                            replayed?: true;
                        } | components["schemas"]["BulkFailed"] | components["schemas"]["BulkSkipped"])[];
                    } | components["schemas"]["Started"];
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    describe__products__restock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActionSchema"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    execute__reports__sales_by_country: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["params__reports__sales_by_country"];
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__reports__sales_by_country"];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    preview__reports__sales_by_country: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["params__reports__sales_by_country"];
            };
        };
        responses: {
            /** @description What it would answer and change. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description What was done, in a sentence for a person. */
                        message: string;
                        data: components["schemas"]["data__reports__sales_by_country"];
                        /** @description What would change, of what this identity may see. */
                        changes: components["schemas"]["Change"][];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    describe__reports__sales_by_country: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActionSchema"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    execute__shipments__confirm_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The `ETag` of a preview: the call takes effect only if everything is as that saw it. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Shipment. */
                shipment: components["parameters"]["id__northwind.Shipment"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__shipments__confirm_delivery"];
            };
        };
        responses: {
            200: components["responses"]["Said"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    preview__shipments__confirm_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Shipment. */
                shipment: components["parameters"]["id__northwind.Shipment"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["params__shipments__confirm_delivery"];
            };
        };
        responses: {
            200: components["responses"]["SaidPreview"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    bulk__shipments__confirm_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: it takes effect once, and a repeat gets the first answer. A fresh one for each thing that is to be done once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description IDs of subjects, none twice. */
                    ids: components["schemas"]["SubjectId"][];
                    params: components["schemas"]["params__shipments__confirm_delivery"];
                    /**
                     * @default each
                     * @enum {string}
                     */
                    mode?: "each" | "stop" | "atomic";
                    /**
                     * @description Nothing is kept, and each result says what would change.
                     * @default false
                     */
                    preview?: boolean;
                    /**
                     * @description The answer is a workflow that works on them.
                     * @default false
                     */
                    async?: boolean;
                };
            };
        };
        responses: {
            200: components["responses"]["BulkAnswer"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    describe__shipments__confirm_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActionSchema"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchAction"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    read_openapi: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI document. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    list_actions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["ActionSummary"][];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    list_subject_classes: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["SubjectClass"][];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    read_audit: {
        parameters: {
            query?: {
                /** @description An action's key. */
                action?: string;
                /** @description A subject's ID, or its class and ID as `shop.Item:42`. */
                subject?: string;
                /** @description The ID of a user or a client. */
                identity?: string;
                /** @description `ascending` follows the trail from an entry on, in the order of the commits. */
                order?: "ascending" | "descending";
                /** @description The `next` of the page before. */
                after?: components["parameters"]["After"];
                /** @description How many at most. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description Goes on with a stream of events behind this entry. */
                "Last-Event-ID"?: string;
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the trail. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["AuditEntry"][];
                        /** @description For `after`; null on the last page. */
                        next: string | null;
                    };
                    "application/x-ndjson": string;
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    list_workflows: {
        parameters: {
            query?: {
                /** @description Only those of this status. */
                status?: "created" | "pending" | "running" | "waiting" | "completed" | "failed" | "continued" | "cancelled";
                /** @description The `next` of the page before. */
                after?: components["parameters"]["After"];
                /** @description How many at most. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["WorkflowRun"][];
                        /** @description For `after`; null on the last page. */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    read_workflow: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The workflow's ID, as the answer that started it gave it. */
                id: components["parameters"]["WorkflowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workflow. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowAnswer"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    read_workflow_results: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: components["parameters"]["After"];
                /** @description How many at most. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The workflow's ID, as the answer that started it gave it. */
                id: components["parameters"]["WorkflowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of results. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["BulkItem"][];
                        /** @description For `after`; null on the last page. */
                        next: string | null;
                    };
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    cancel_workflow: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The workflow's ID, as the answer that started it gave it. */
                id: components["parameters"]["WorkflowId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            200: components["responses"]["WorkflowAnswer"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    signal_workflow: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The signal's name. */
                signal: string;
                /** @description The workflow's ID, as the answer that started it gave it. */
                id: components["parameters"]["WorkflowId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            200: components["responses"]["WorkflowAnswer"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    list__northwind_Order: {
        parameters: {
            query?: {
                /** @description Text anywhere in the title, letters of any case. */
                q?: string;
                /** @description Only those whose `customer` is exactly this. */
                customer?: string;
                /** @description Only those whose `employee` is exactly this. */
                employee?: string;
                /** @description Only those whose `ordered_at` is exactly this. */
                ordered_at?: string;
                /** @description Only those whose `required_at` is exactly this. */
                required_at?: string;
                /** @description Only those whose `shipped_at` is exactly this. */
                shipped_at?: string;
                /** @description Only those whose `shipper` is exactly this. */
                shipper?: string;
                /** @description Only those whose `freight` is exactly this. */
                freight?: string;
                /** @description Only those whose `ship_name` is exactly this. */
                ship_name?: string;
                /** @description Only those whose `ship_city` is exactly this. */
                ship_city?: string;
                /** @description Only those whose `ship_country` is exactly this. */
                ship_country?: string;
                /** @description Only those whose `lines` is exactly this. */
                lines?: string;
                /** @description Only those whose `notes` is exactly this. */
                notes?: string;
                /** @description Only those whose `approved_at` is exactly this. */
                approved_at?: string;
                /** @description Only those whose `approved_by` is exactly this. */
                approved_by?: string;
                /** @description Only those whose `approval_reason` is exactly this. */
                approval_reason?: string;
                /** @description The `next` of the page before. */
                after?: components["parameters"]["After"];
                /** @description How many at most. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them; with `q` or fields it may be short and still have a `next`. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["subject__northwind.Order"][];
                        /** @description For `after`; null on the last page. */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    read__northwind_Order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Order. */
                order: number | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subject. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["subject__northwind.Order"];
                        /** @description What could be done with it now, and why not. */
                        actions: ({
                            key: string;
                            label: string;
                            /** @enum {string} */
                            effect: "read" | "write" | "destructive";
                            /** @constant */
                            allowed: true;
                        } | {
                            key: string;
                            label: string;
                            /** @enum {string} */
                            effect: "read" | "write" | "destructive";
                            /** @constant */
                            allowed: false;
                            /** @enum {string} */
                            code: "forbidden" | "refused";
                            message: string;
                        })[];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    list__northwind_Product: {
        parameters: {
            query?: {
                /** @description Text anywhere in the title, letters of any case. */
                q?: string;
                /** @description Only those whose `name` is exactly this. */
                name?: string;
                /** @description Only those whose `category` is exactly this. */
                category?: string;
                /** @description Only those whose `quantity_per_unit` is exactly this. */
                quantity_per_unit?: string;
                /** @description Only those whose `unit_price` is exactly this. */
                unit_price?: string;
                /** @description Only those whose `units_in_stock` is exactly this. */
                units_in_stock?: string;
                /** @description Only those whose `units_on_order` is exactly this. */
                units_on_order?: string;
                /** @description Only those whose `reorder_level` is exactly this. */
                reorder_level?: string;
                /** @description Only those whose `discontinued` is exactly this. */
                discontinued?: string;
                /** @description The `next` of the page before. */
                after?: components["parameters"]["After"];
                /** @description How many at most. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them; with `q` or fields it may be short and still have a `next`. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["subject__northwind.Product"][];
                        /** @description For `after`; null on the last page. */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
    read__northwind_Product: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in the log; comes back with the answer. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /** @description The ID of a northwind.Product. */
                product: number | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subject. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["subject__northwind.Product"];
                        /** @description What could be done with it now, and why not. */
                        actions: ({
                            key: string;
                            label: string;
                            /** @enum {string} */
                            effect: "read" | "write" | "destructive";
                            /** @constant */
                            allowed: true;
                        } | {
                            key: string;
                            label: string;
                            /** @enum {string} */
                            effect: "read" | "write" | "destructive";
                            /** @constant */
                            allowed: false;
                            /** @enum {string} */
                            code: "forbidden" | "refused";
                            message: string;
                        })[];
                    };
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NoSuchSubject"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["NotHttp"];
        };
    };
}
