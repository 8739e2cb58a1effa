//! stub
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let t = std::time::Instant::now();
    let city = circle_import::read(&[std::path::Path::new(&path)], &circle_model::Catalogue::built_in(), &circle_import::Silent);
    match city { Err(e) => println!("ERR {e}"), Ok(c) => {
    println!("{:?} {:#?} compounds {} named {} gates {} fac {} units {} feats {} points {} closed {}", t.elapsed(), c.meta(), c.compounds().len(), c.compounds().iter().filter(|c| c.generated_name==0).count(), c.gates().len(), c.facilities().len(), c.units().len(), c.features().len(), c.points().len(), c.compounds().iter().filter(|c| c.closed==1).count());
    let cat = circle_model::Catalogue::built_in();
    let mut n = vec![0; 60];
    for f in c.facilities() { for k in &c.facility_categories()[f.categories.range()] { n[*k as usize]+=1; } }
    for (i,k) in cat.categories.iter().enumerate() { if n[i]>0 { print!("{} {}, ", k.id, n[i]); } }
    let mut g=[0;4]; for x in c.gates() { g[x.provenance as usize]+=1; } println!("\n gates {g:?}");
    for u in c.units().iter().take(8) { println!("{} {} clipped {} area {}", u.admin_level, c.text(u.name), u.clipped, u.area_square_metres/1e6); }
    let _ = c.save(std::path::Path::new("/tmp/x.circle"));
    }}
}
