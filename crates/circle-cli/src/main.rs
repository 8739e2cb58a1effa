//! stub
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
use circle_model::*; use circle_reach::*; use std::time::Instant;
fn cpu() -> f64 { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let v: Vec<&str> = s.split(' ').collect(); (v[13].parse::<f64>().unwrap()+v[14].parse::<f64>().unwrap())/100.0 }
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let t0 = Instant::now();
    let city = circle_import::read(&[std::path::Path::new(&path)], &Catalogue::built_in(), &circle_import::Silent).unwrap();
    let t = Instant::now();
    println!("built cpu {} {:?}", cpu(), t0.elapsed()); if std::env::var("ONLY").is_ok() { city.save(std::path::Path::new("/tmp/z.circle")).unwrap(); std::process::exit(0) }
    let n = Network::build(&city);
    println!("network {:?} cpu {} nodes {} arcs {}", t.elapsed(), cpu(), n.graph().len(), n.graph().arc_count());
    let cat = Catalogue::built_in(); let ps = Profiles::built_in(); let rules = RuleSet::built_in();
    let t = Instant::now();
    let c = circle_plan::coverage(&n, &cat, ps.find("adult").unwrap(), &rules[0], &[5,10,15]);
    println!("coverage {:?} cpu {} rows {}", t.elapsed(), cpu(), c.rows.len());
    for (i, name) in c.categories.iter().enumerate() { let (mut a, mut b, mut u) = (0,0,0); for k in 0..city.compounds().len() { match c.rows[k*c.categories.len()+i].verdict { Some(circle_plan::Verdict::Covered) => a+=1, Some(circle_plan::Verdict::Gap)=>b+=1, Some(_)=>u+=1, None=>{} } } if a+b+u>0 { println!("{name} covered {a} gap {b} unknown {u}"); } }
    let id = city.compounds_called("荣耀世纪小区");
    println!("{id:?}");
    let mut cold = vec![]; let mut warm = vec![];
    for (k, _) in city.compounds().iter().enumerate().step_by(16) { for pass in 0..(if std::env::var("WARM").is_ok() {60} else {2}) { let t = Instant::now(); let o = isochrones(&n, ps.find("adult").unwrap(), Origin::Compound(CompoundId(k as u32)), &[5,10,15], Form::Discs); let e = t.elapsed().as_secs_f64()*1e3; if pass==0 { cold.push(e) } else { warm.push(e) }
        if k==0 && pass == 0 { for s in &o.shapes { println!("{} {} polys {} pts {}", s.minutes, s.area_square_metres, s.polygons.len(), s.polygons.iter().flatten().map(Vec::len).sum::<usize>()); } } } }
    cold.sort_by(f64::total_cmp); warm.sort_by(f64::total_cmp);
    println!("cold median {} max {}; warm median {} max {} n {}", cold[cold.len()/2], cold[cold.len()-1], warm[warm.len()/2], warm[warm.len()-1], warm.len());
    println!("cpu {}", cpu());
}
