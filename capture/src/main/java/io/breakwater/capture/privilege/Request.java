package io.breakwater.capture.privilege;

/** What a run can ask of its keeper: the methods of {@link Privileges}. */
enum Request {
    CONFINE,
    CAPABILITIES,
    REDIRECT,
    REDIRECT_AGAIN,
    DROP,
    DROP_FIRST,
    DROP_NO_MORE,
    CLEAR_INGRESS,
    SET_OFFLOADS,
    SET_IPV6_DISABLED,
    ADD_ADDRESS,
    SET_ADMIN_UP,
    SET_PROMISCUOUS,
    CREATE_MAP,
    LOAD_PROGRAM,
    VERIFIER_LOG,
    GROW_SEND_BUFFER
}
