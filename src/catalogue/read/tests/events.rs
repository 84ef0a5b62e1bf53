use super::*;
use crate::EventKind;

#[test]
fn events_are_read_with_all_spellings_of_time() {
    let log = "session,event,item_id,time,quantity\n\
               s,view,a,2026-01-01T00:00:00Z,\ns,purchase,a,1767225600,2\ns,add_to_cart,a,1767225600000,1\ns,remove,a,2026-01-01 00:00:00,1\n";
    let report = read_events(Format::Csv, log.as_bytes()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert!(
        report
            .events
            .iter()
            .all(|event| event.time_millis == 1_767_225_600_000)
    );
    assert_eq!(report.events[1].kind, EventKind::Purchase);
    assert_eq!(report.events[1].quantity, 2);
}

#[test]
fn bad_events_are_named_by_column() {
    let log = "session,event,item_id,time\n,view,a,0\ns,look,a,0\ns,view,,0\ns,view,a,noon\ns,view,a,-5\n";
    let report = read_events(Format::Csv, log.as_bytes()).unwrap();
    let columns: Vec<&str> = report.problems.iter().map(|p| p.column.as_str()).collect();
    assert_eq!(columns, ["session", "event", "item_id", "time", "time"]);
    assert!(report.events.is_empty());
}

#[test]
fn events_as_json_lines_are_read() {
    let report = read_events(
        Format::Jsonl,
        &b"{\"session\":\"s\",\"event\":\"view\",\"item_id\":5,\"time\":1767225600}\n"[..],
    )
    .unwrap();
    assert_eq!(report.events[0].item_id, "5");
}

#[test]
fn a_bad_quantity_costs_the_value_and_not_the_event() {
    let log = "session,event,item_id,time,quantity\n\
               s,purchase,a,0,2.0\ns,purchase,a,0,1.5\ns,purchase,a,0,many\ns,purchase,a,0,0\ns,view,a,0,-1\ns,view,a,0,1e9\n";
    let report = read_events(Format::Csv, log.as_bytes()).unwrap();
    let quantities: Vec<u32> = report.events.iter().map(|event| event.quantity).collect();
    assert_eq!(quantities, [2, 1, 1, 1, 1, 1]);
    let lines: Vec<u64> = report.problems.iter().map(|p| p.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7]);
    let of_quantity = |p: &RowProblem| p.column == "quantity" && !p.row_rejected;
    assert!(report.problems.iter().all(of_quantity));
}

#[test]
fn a_purchase_of_a_negative_quantity_takes_the_item_back() {
    let log = "session;event;item_id;time;quantity\ns;purchase;a;0;-3\n";
    let report = read_events(Format::Csv, log.as_bytes()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let [event] = report.events.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!((event.kind, event.quantity), (EventKind::Remove, 3));
}

#[test]
fn columns_of_a_log_that_nothing_reads_are_named() {
    let log = "session,event,item_id,time,price,Referrer\ns,view,a,0,1,x\n";
    let report = read_events(Format::Csv, log.as_bytes()).unwrap();
    assert_eq!(report.ignored_columns, ["price", "referrer"]);
}
